import { act as settle, cleanup, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { FakeClient } from '../../../testing/window/fake-client'
import { containerRow, engineRow, localEngine, snapshotOf, taskRow } from '../../../testing/window/rows'
import type { InventoryItem, Settings } from '../../shared/model'
import { settingsSchema } from '../../shared/model/settings'
import * as v from 'valibot'
import { takeClient } from '../api'
import { setLanguage } from '../i18n'
import { forgetInventory } from '../store/inventory'
import { settingsStore } from '../store/settings'
import { startStores } from '../store/start'
import { App } from './App'

let core: FakeClient
let stop: () => void
let settings: Settings
const user = userEvent.setup()

beforeEach(async () => {
  window.location.hash = '#/settings'
  await setLanguage('en')
  settings = v.parse(settingsSchema, { language: 'en' })
  core = new FakeClient({
    'settings.get': () => settings,
    'settings.set': (change) => (settings = { ...settings, ...(change as Partial<Settings>) }),
    'settings.setUi': () => null,
    'app.info': () => ({
      version: '1.2.3',
      platform: 'linux',
      isRoot: false,
      host: 'serve',
      dataDir: '/data',
      logFile: '/data/log',
    }),
  })
  forgetInventory()
  takeClient(core.client)
  stop = startStores()
})
afterEach(() => {
  stop()
  cleanup()
})

async function open(
  item: InventoryItem = snapshotOf([containerRow('web'), containerRow('db', { state: 'exited' })]),
) {
  render(<App />)
  await waitFor(() => core.stream('inventory.watch'))
  await settle(async () => {
    core.stream('inventory.watch').put(item)
    await Promise.resolve()
  })
  await screen.findByRole('heading', { level: 1 })
}

const closed = (): Promise<void> => waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())

/** Opens the palette and types. Items are found by what they say. */
async function type(text: string) {
  // A dialog that closes gives the focus back when it has gone.
  await closed()
  await user.keyboard('{Control>}k{/Control}')
  const field = await screen.findByPlaceholderText('Go to, find or do…')
  await waitFor(() => expect(document.activeElement).toBe(field))
  await user.keyboard(text)
}

test('the palette goes to a page', async () => {
  await open()
  await type('activ{Enter}')
  await waitFor(() => expect(window.location.hash).toBe('#/activity'))
  expect(await screen.findByRole('tab', { name: 'Engine events' })).toBeTruthy()
  expect(document.title).toBe('Activity – Slipway')
})

test('the palette stops a running container and starts a stopped one', async () => {
  core.answers['containers.stop'] = () => null
  core.answers['containers.start'] = () => null
  await open()
  await type('web{Enter}')
  await user.click(await screen.findByRole('option', { name: 'Stop' }))
  expect(core.asked('containers.stop')).toEqual([{ engine: localEngine, id: containerRow('web').id }])
  await type('db{Enter}')
  expect(screen.queryByRole('option', { name: 'Stop' })).toBeNull()
  await user.click(await screen.findByRole('option', { name: 'Start' }))
  expect(core.asked('containers.start')).toEqual([{ engine: localEngine, id: containerRow('db').id }])
})

test('of equally near containers the palette names those that run first', async () => {
  const stopped = (name: string) => containerRow(name, { state: 'exited' })
  await open(snapshotOf([stopped('app-a'), containerRow('app-b'), stopped('app-c'), containerRow('app-d')]))
  await type('app-')
  const found = await screen.findAllByRole('option', { name: /app-[a-d]/ })
  expect(found.map((one) => /app-\w/.exec(one.textContent)?.[0])).toEqual([
    'app-b',
    'app-d',
    'app-a',
    'app-c',
  ])
})

test('the palette asks before it removes, and says that a running one is killed', async () => {
  core.answers['containers.remove'] = () => null
  await open()
  await type('web{Enter}')
  await user.click(await screen.findByRole('option', { name: 'Remove…' }))
  expect(await screen.findByText('It is running and will be killed.')).toBeTruthy()
  expect(core.asked('containers.remove')).toEqual([])
  await user.click(screen.getByRole('button', { name: 'Remove' }))
  expect(core.asked('containers.remove')).toEqual([
    { engine: localEngine, id: containerRow('web').id, force: true },
  ])
})

test('Escape leaves the actions of an object first, then the palette', async () => {
  await open()
  await type('web{Enter}')
  await screen.findByPlaceholderText('Actions for web')
  await user.keyboard('{Escape}')
  expect(await screen.findByPlaceholderText('Go to, find or do…')).toBeTruthy()
  await user.keyboard('{Escape}')
  await waitFor(() => expect(screen.queryByPlaceholderText('Go to, find or do…')).toBeNull())
})

test('what looks like an image can be pulled from the palette', async () => {
  core.answers['images.pull'] = () => ({ task: taskRow('t').id })
  await open()
  await type('ghcr.io/acme/app:1{Enter}')
  await waitFor(() =>
    expect(core.asked('images.pull')).toEqual([{ engine: localEngine, reference: 'ghcr.io/acme/app:1' }]),
  )
})

const offered = () => screen.getAllByRole('option').map((one) => one.textContent)

test('a verb finds what it can be done to, and a pull of that name stands last', async () => {
  core.answers['containers.stop'] = () => null
  await open(
    snapshotOf([containerRow('web'), containerRow('logger'), containerRow('db', { state: 'exited' })]),
  )
  await type('stop')
  expect(offered().at(0)).toContain('Stop web')
  expect(offered().join()).not.toContain('Stop db')
  expect(offered().at(-1)).toContain('Pull “stop”')
  await user.keyboard(' logger')
  expect(offered()[0]).toContain('Stop logger')
  await user.keyboard('{Enter}')
  expect(core.asked('containers.stop')).toEqual([{ engine: localEngine, id: containerRow('logger').id }])
  await type('logger stop')
  expect(offered()[0]).toContain('Stop logger')
  await user.keyboard('{Escape}')
})

test('Enter behind a bare verb that ends work asks once more whose, unless there is only one', async () => {
  core.answers['containers.stop'] = () => null
  await open(snapshotOf([containerRow('web'), containerRow('logger')]))
  await type('stop{Enter}')
  expect(await screen.findByPlaceholderText('Actions for web')).toBeTruthy()
  expect(core.asked('containers.stop')).toEqual([])
  await user.keyboard('{Escape}{Escape}')
  core.stream('inventory.watch').put(snapshotOf([containerRow('web')]))
  await type('stop{Enter}')
  await waitFor(() => expect(core.asked('containers.stop')).toHaveLength(1))
})

test('chores of other pages and published ports are found', async () => {
  const ports = [{ protocol: 'tcp', containerPort: 80, hostPort: 8080 } as const]
  await open(snapshotOf([containerRow('web', { ports }), containerRow('db')]))
  await type('8080')
  expect(offered()[0]).toContain('web')
  expect(offered().at(-1)).toContain('Pull')
  await user.keyboard('{Control>}a{/Control}add engine')
  expect(offered()[0]).toContain('Add an engine')
  await user.keyboard('{Control>}a{/Control}prune containers{Enter}')
  await screen.findByRole('dialog', { name: 'Remove stopped containers' })
  expect(window.location.hash).toBe('#/containers')
  await user.keyboard('{Escape}')
  await type('prune containers{Enter}')
  expect(await screen.findByRole('dialog', { name: 'Remove stopped containers' })).toBeTruthy()
  await user.keyboard('{Escape}')
})

test('the language changes live, everywhere', async () => {
  await open()
  await type('한국어{Enter}')
  expect(await screen.findByRole('heading', { level: 1, name: '설정' })).toBeTruthy()
  expect(screen.getByRole('link', { name: /컨테이너/ })).toBeTruthy()
  expect(document.documentElement.lang).toBe('ko')
  expect(settings.language).toBe('ko')
})

test('until core tells the settings, the page keeps the theme that it came with', async () => {
  document.documentElement.dataset['theme'] = 'dark'
  let tell: (told: Settings) => void = () => undefined
  core.answers['settings.get'] = () => new Promise((resolve) => (tell = resolve))
  stop()
  settingsStore.setState({ isLoaded: false })
  stop = startStores()
  render(<App />)
  await screen.findAllByRole('link')
  expect(document.documentElement.dataset['theme']).toBe('dark')
  await settle(async () => {
    tell({ ...settings, theme: 'light' })
    await Promise.resolve()
  })
  await waitFor(() => expect(document.documentElement.dataset['theme']).toBe('light'))
})

test('the theme of the settings is on the root, and the system has its say again', async () => {
  await open()
  await type('theme dark{Enter}')
  await waitFor(() => expect(document.documentElement.dataset['theme']).toBe('dark'))
  await settle(async () => {
    core.push('settings.changed', { ...settings, theme: 'system' })
    await Promise.resolve()
  })
  expect(document.documentElement.dataset['theme']).toBeUndefined()
})

test('with no engine the pages show which roads failed, why, and what mends them', async () => {
  window.location.hash = '#/containers'
  core.answers['engines.retry'] = () => null
  await open({
    kind: 'snapshot',
    engines: [],
    slices: [],
    roads: [
      {
        road: 'rootful-socket',
        tried: '/var/run/docker.sock',
        outcome: 'failed',
        error: { code: 'engine.forbidden', message: '', facts: { group: 'docker' } },
        mend: 'sudo usermod -aG docker me',
      },
    ],
  })
  expect(await screen.findByRole('heading', { name: 'No engine yet' })).toBeTruthy()
  expect(screen.getByText(/You may not use this engine/)).toBeTruthy()
  expect(screen.getByText('sudo usermod -aG docker me')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Try all roads again' }))
  expect(core.asked('engines.retry')).toHaveLength(1)
})

test('a lost engine is told in words with a button that tries again', async () => {
  core.answers['engines.retry'] = () => null
  const error = { code: 'engine.unreachable', message: '', facts: {} } as const
  await open(snapshotOf([], [engineRow({ name: 'NAS', state: { kind: 'lost', error, sinceMs: 0 } })]))
  const banner = await screen.findByText('No connection to NAS')
  expect(banner.closest('[role=alert]')?.textContent).toContain('unix:///var/run/docker.sock')
  await user.click(screen.getByRole('button', { name: 'Try again now' }))
  expect(core.asked('engines.retry')).toHaveLength(1)
})

test('a running task shows with its progress and can be cancelled', async () => {
  core.answers['tasks.cancel'] = () => null
  await open()
  const task = taskRow('t1', {
    kind: 'images.pull',
    subject: 'postgres:17',
    state: 'running',
    canCancel: true,
    doneBytes: 50,
    totalBytes: 100,
  })
  await settle(async () => {
    core.stream('activity.watch').put({ kind: 'task', task })
    await Promise.resolve()
  })
  await user.click(await screen.findByRole('button', { name: '1 task running' }))
  const bar = await screen.findByRole('progressbar', { name: 'Progress of Pull image: postgres:17' })
  expect(bar.getAttribute('aria-valuenow')).toBe('50')
  await user.click(screen.getByRole('button', { name: 'Cancel the task' }))
  expect(core.asked('tasks.cancel')).toEqual([{ task: 't1' }])
})

test('a question mark lists the keys, but not while somebody types', async () => {
  await open()
  await user.keyboard('?')
  expect(await screen.findByRole('dialog', { name: 'Keyboard shortcuts' })).toBeTruthy()
  await user.keyboard('{Escape}')
  await type('?')
  expect(screen.queryByRole('dialog', { name: 'Keyboard shortcuts' })).toBeNull()
})

test('another client can lead the window to a page', async () => {
  await open()
  await settle(async () => {
    core.push('window.navigate', { path: '/activity' })
    await Promise.resolve()
  })
  await waitFor(() => expect(window.location.hash).toBe('#/activity'))
})

test('an engine is added only when its fields are right, and tested before', async () => {
  core.answers['engines.test'] = () => ({ name: 'nas', version: '28.1', apiVersion: '1.49' })
  core.answers['engines.add'] = () => ({ engine: localEngine })
  await open()
  await user.click(screen.getByRole('button', { name: 'Add an engine…' }))
  await user.click(await screen.findByRole('button', { name: 'Add' }))
  expect(await screen.findByText('A name is needed')).toBeTruthy()
  expect(core.asked('engines.add')).toEqual([])
  await user.type(screen.getByRole('textbox', { name: 'Name' }), 'NAS')
  await user.click(screen.getByRole('button', { name: 'Test' }))
  expect(await screen.findByText('nas answers: version 28.1, API 1.49')).toBeTruthy()
  await user.type(screen.getByRole('textbox', { name: 'Name' }), '{Enter}')
  await waitFor(() =>
    expect(core.asked('engines.add')).toEqual([
      { name: 'NAS', address: { kind: 'unix', path: '/var/run/docker.sock' } },
    ]),
  )
  await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Add an engine' })).toBeNull())
})

test('notifications are asked for on a click only', async () => {
  const requestPermission = vi.fn(() => Promise.resolve('granted'))
  vi.stubGlobal('Notification', { permission: 'default', requestPermission })
  await open()
  const ask = await screen.findByRole('button', { name: 'Allow notifications' })
  expect(requestPermission).not.toHaveBeenCalled()
  await user.click(ask)
  expect(await screen.findByText('The browser shows notifications.')).toBeTruthy()
  vi.unstubAllGlobals()
})
