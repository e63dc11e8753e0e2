import { act as settle, render, screen, waitFor } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { engineRow, localEngine, snapshotOf, taskRow } from '../../../testing/window/rows'
import { typeCommand, user, WindowLab } from '../../../testing/window/window-lab'
import type { Settings } from '../../shared/model'
import { settingsStore } from '../store/settings'
import { App } from './App'

const lab = new WindowLab()

test('the language changes live, everywhere', async () => {
  await lab.open()
  await typeCommand('한국어{Enter}')
  expect(await screen.findByRole('heading', { level: 1, name: '설정' })).toBeTruthy()
  expect(screen.getByRole('link', { name: /컨테이너/ })).toBeTruthy()
  expect(document.documentElement.lang).toBe('ko')
  expect(lab.settings.language).toBe('ko')
})

test('until core tells the settings, the page keeps the theme that it came with', async () => {
  document.documentElement.dataset['theme'] = 'dark'
  let tell: (told: Settings) => void = () => undefined
  lab.core.answers['settings.get'] = () => new Promise((resolve) => (tell = resolve))
  settingsStore.setState({ isLoaded: false })
  lab.startAgain()
  render(<App />)
  await screen.findAllByRole('link')
  expect(document.documentElement.dataset['theme']).toBe('dark')
  await settle(async () => {
    tell({ ...lab.settings, theme: 'light' })
    await Promise.resolve()
  })
  await waitFor(() => expect(document.documentElement.dataset['theme']).toBe('light'))
})

test('the theme of the settings is on the root, and the system has its say again', async () => {
  await lab.open()
  await typeCommand('theme dark{Enter}')
  await waitFor(() => expect(document.documentElement.dataset['theme']).toBe('dark'))
  await settle(async () => {
    lab.core.push('settings.changed', { ...lab.settings, theme: 'system' })
    await Promise.resolve()
  })
  expect(document.documentElement.dataset['theme']).toBeUndefined()
})

test('with no engine the pages show which roads failed, why, and what mends them', async () => {
  window.location.hash = '#/containers'
  lab.core.answers['engines.retry'] = () => null
  await lab.open({
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
  expect(lab.core.asked('engines.retry')).toHaveLength(1)
})

test('a lost engine is told in words with a button that tries again', async () => {
  lab.core.answers['engines.retry'] = () => null
  const error = { code: 'engine.unreachable', message: '', facts: {} } as const
  await lab.open(snapshotOf([], [engineRow({ name: 'NAS', state: { kind: 'lost', error, sinceMs: 0 } })]))
  const banner = await screen.findByText('No connection to NAS')
  expect(banner.closest('[role=alert]')?.textContent).toContain('unix:///var/run/docker.sock')
  await user.click(screen.getByRole('button', { name: 'Try again now' }))
  expect(lab.core.asked('engines.retry')).toHaveLength(1)
})

test('a running task shows with its progress and can be cancelled', async () => {
  lab.core.answers['tasks.cancel'] = () => null
  await lab.open()
  const task = taskRow('t1', {
    kind: 'images.pull',
    subject: 'postgres:17',
    state: 'running',
    canCancel: true,
    doneBytes: 50,
    totalBytes: 100,
  })
  await settle(async () => {
    lab.core.stream('activity.watch').put({ kind: 'task', task })
    await Promise.resolve()
  })
  await user.click(await screen.findByRole('button', { name: '1 task running' }))
  const bar = await screen.findByRole('progressbar', { name: 'Progress of Pull image: postgres:17' })
  expect(bar.getAttribute('aria-valuenow')).toBe('50')
  await user.click(screen.getByRole('button', { name: 'Cancel the task' }))
  expect(lab.core.asked('tasks.cancel')).toEqual([{ task: 't1' }])
})

test('a question mark lists the keys, but not while somebody types', async () => {
  await lab.open()
  await user.keyboard('?')
  expect(await screen.findByRole('dialog', { name: 'Keyboard shortcuts' })).toBeTruthy()
  await user.keyboard('{Escape}')
  await typeCommand('?')
  expect(screen.queryByRole('dialog', { name: 'Keyboard shortcuts' })).toBeNull()
})

test('another client can lead the window to a page', async () => {
  await lab.open()
  await settle(async () => {
    lab.core.push('window.navigate', { path: '/activity' })
    await Promise.resolve()
  })
  await waitFor(() => expect(window.location.hash).toBe('#/activity'))
})

test('an engine is added only when its fields are right, and tested before', async () => {
  lab.core.answers['engines.test'] = () => ({ name: 'nas', version: '28.1', apiVersion: '1.49' })
  lab.core.answers['engines.add'] = () => ({ engine: localEngine })
  await lab.open()
  await user.click(screen.getByRole('button', { name: 'Add an engine…' }))
  await user.click(await screen.findByRole('button', { name: 'Add' }))
  expect(await screen.findByText('A name is needed')).toBeTruthy()
  expect(lab.core.asked('engines.add')).toEqual([])
  await user.type(screen.getByRole('textbox', { name: 'Name' }), 'NAS')
  await user.click(screen.getByRole('button', { name: 'Test' }))
  expect(await screen.findByText('nas answers: version 28.1, API 1.49')).toBeTruthy()
  await user.type(screen.getByRole('textbox', { name: 'Name' }), '{Enter}')
  await waitFor(() =>
    expect(lab.core.asked('engines.add')).toEqual([
      { name: 'NAS', address: { kind: 'unix', path: '/var/run/docker.sock' } },
    ]),
  )
  await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Add an engine' })).toBeNull())
})

test('notifications are asked for on a click only', async () => {
  const requestPermission = vi.fn(() => Promise.resolve('granted'))
  vi.stubGlobal('Notification', { permission: 'default', requestPermission })
  await lab.open()
  const ask = await screen.findByRole('button', { name: 'Allow notifications' })
  expect(requestPermission).not.toHaveBeenCalled()
  await user.click(ask)
  expect(await screen.findByText('The browser shows notifications.')).toBeTruthy()
  vi.unstubAllGlobals()
})
