import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import type { Container, StatSample } from '../../../../shared/model'
import { setLanguage } from '../../../i18n'
import { takeSamples } from '../../../store/stats'
import { setUi } from '../../../store/ui'
import { forgetVisits } from '../../../store/visit'
import { container } from '../sample-containers'
import { engine, startFakeCore, type FakeCore } from '../fake-core'
import { ContainersPage } from './ContainersPage'

const anonymous = { type: 'volume', source: 'a'.repeat(64), target: '/data', isReadOnly: false } as const
const web = container({
  name: 'web',
  ports: [{ protocol: 'tcp', containerPort: 80, hostPort: 8080, hostIp: '0.0.0.0' }],
})
const db = container({ name: 'db', state: 'exited', exitCode: 1, image: 'postgres', mounts: [anonymous] })
const shopApi = container({ name: 'shop-api', project: 'shop' })
const shopJob = container({ name: 'shop-job', project: 'shop', state: 'exited', exitCode: 0 })
const all = [web, db, shopApi, shopJob]

let core: FakeCore

function open(containers: readonly Container[] = all, more: object = {}): ReturnType<typeof userEvent.setup> {
  core = startFakeCore({ containers, ...more })
  render(<ContainersPage />)
  return userEvent.setup()
}

const row = (name: string): HTMLElement => {
  const found = screen.getAllByRole('row').find((one) => within(one).queryByText(name, { selector: 'bdi' }))
  if (!found) throw new Error(`No row ${name}`)
  return found
}
const names = (): (string | null)[] =>
  screen
    .getAllByRole('row')
    .flatMap((one) => one.querySelector('.containers__name, .containers__project')?.textContent ?? [])

beforeEach(() => {
  forgetVisits()
  for (const key of ['filter', 'layout', 'grouped', 'unhealthyFirst']) setUi(`containers.${key}`, undefined)
})
afterEach(async () => {
  cleanup()
  await setLanguage('en')
})

test('projects stand first with their containers, then what stands alone', () => {
  open()
  expect(names()).toEqual(['shop', 'shop-api', 'shop-job', 'db', 'web'])
  expect(within(row('shop')).getByText('1 of 2 running')).toBeTruthy()
})

test('stopping a project asks for just those that run', async () => {
  const user = open()
  await user.click(within(row('shop')).getByRole('button', { name: 'Stop all' }))
  expect(core.argsOf('containers.stop')).toEqual([{ engine: 'local', id: shopApi.id }])
})

test('a search narrows, and the way back is one press', async () => {
  const user = open()
  await user.type(screen.getByRole('searchbox'), 'nothing-like-this')
  expect(screen.getByText('Nothing matches')).toBeTruthy()
  await user.click(screen.getAllByRole('button', { name: 'Clear filters' })[0] as HTMLElement)
  expect(names()).toHaveLength(5)
})

test('a remembered state filter narrows from the start', () => {
  setUi('containers.filter', { state: 'exited' })
  open()
  expect(names()).toEqual(['shop', 'shop-job', 'db'])
})

test('the unhealthy come first in a group of their own when asked for', async () => {
  const user = open([...all, container({ name: 'zz', health: 'unhealthy' })])
  await user.click(screen.getByRole('button', { name: 'Unhealthy first' }))
  expect(names().slice(0, 2)).toEqual(['Unhealthy', 'zz'])
})

test('a row says what is pending until the answer, and nothing else waits', async () => {
  const user = open()
  core.hold('containers.stop')
  await user.click(within(row('web')).getByRole('button', { name: 'Stop' }))
  expect(within(row('web')).getByText('Stopping…')).toBeTruthy()
  await user.click(within(row('shop-api')).getByRole('button', { name: 'Restart' }))
  expect(core.argsOf('containers.restart')).toHaveLength(1)
  act(() => core.release('containers.stop'))
  await waitFor(() => expect(within(row('web')).queryByText('Stopping…')).toBeNull())
})

test('an event of the engine changes the row without any question', () => {
  open()
  act(() => core.put({ ...web, state: 'exited', exitCode: 137 }))
  expect(within(row('web')).getByText('Exited (137)')).toBeTruthy()
  expect(core.calls.filter(([name]) => name.startsWith('containers.'))).toEqual([])
})

test('a port opens at the host of its engine', () => {
  open()
  const link = within(row('web')).getByRole('link', { name: '8080:80' })
  expect(link.getAttribute('href')).toBe('http://localhost:8080/')
  expect(link.getAttribute('rel')).toContain('noopener')
})

test('removal names what goes, leaves what runs unless forced, and volumes unless chosen', async () => {
  const user = open()
  await user.click(row('db'))
  await user.keyboard('{Control>}')
  await user.click(row('web'))
  await user.keyboard('{/Control}')
  await user.click(screen.getByRole('button', { name: 'Remove… (2)' }))
  const dialog = screen.getByRole('dialog', { name: 'Remove a container' })
  const [going, staying] = within(dialog).getAllByRole('list')
  expect(going?.textContent).toBe('db')
  expect(staying?.textContent).toBe('webrunning')
  expect(within(dialog).getByText('Stays, as it runs:').nextElementSibling).toBe(staying)
  await user.click(within(dialog).getByRole('checkbox', { name: 'Also remove its anonymous volumes' }))
  await user.click(within(dialog).getByRole('button', { name: 'Remove' }))
  expect(core.argsOf('containers.remove')).toEqual([
    { engine: 'local', id: db.id, force: false, volumes: true },
  ])
})

test('a running container alone is removed by force, as the dialog says', async () => {
  const user = open()
  await user.click(within(row('web')).getByRole('button', { name: 'Remove…' }))
  expect(screen.getByText('1 is running and will be killed.')).toBeTruthy()
  await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Remove' }))
  expect(core.argsOf('containers.remove')).toEqual([
    { engine: 'local', id: web.id, force: true, volumes: false },
  ])
})

test('several selected are stopped together, each with its own call', async () => {
  const user = open()
  screen.getByRole('treegrid').focus()
  await user.keyboard('{Control>}a{/Control}')
  await user.click(screen.getByRole('button', { name: 'Stop (2)' }))
  expect(core.argsOf('containers.stop')).toHaveLength(2)
  expect(screen.getByRole('button', { name: 'Start (2)' })).toBeTruthy()
})

test('keys act on the selected row, and no key kills', async () => {
  const user = open()
  await user.click(row('web'))
  await user.keyboard('s')
  expect(core.argsOf('containers.stop')).toEqual([{ engine: 'local', id: web.id }])
  await user.keyboard('k')
  expect(core.argsOf('containers.kill')).toEqual([])
  await user.keyboard('{Delete}')
  expect(screen.getByRole('dialog')).toBeTruthy()
})

test('keys reach no container that is folded away, nor one that the line has left for a group', async () => {
  const user = open([...all, container({ name: 'zoo-api', project: 'zoo' })])
  onTestFinished(() => setUi('containers.layout', undefined))
  await user.click(row('shop-job'))
  await user.keyboard('{ArrowDown}')
  await user.keyboard('srp')
  expect(core.argsOf('containers.start')).toEqual([])
  await user.click(row('shop-api'))
  await user.click(within(row('shop')).getByRole('button', { name: 'Collapse' }))
  screen.getByRole('treegrid').focus()
  await user.keyboard('s{Delete}')
  expect(core.argsOf('containers.stop')).toEqual([])
  expect(screen.queryByRole('dialog')).toBeNull()
})

test('rename refuses a name that the engine would refuse, and one that is taken', async () => {
  const user = open()
  await user.click(row('web'))
  screen.getByRole('treegrid').focus()
  await user.keyboard('{F2}')
  const dialog = screen.getByRole('dialog')
  const field = within(dialog).getByRole('textbox', { name: 'New name' })
  await user.clear(field)
  await user.type(field, 'db')
  expect(within(dialog).getByRole('alert').textContent).toContain('Another container')
  await user.type(field, '/x')
  expect(within(dialog).getByRole('button', { name: 'Rename' })).toHaveProperty('disabled', true)
  await user.clear(field)
  await user.type(field, 'front')
  await user.click(within(dialog).getByRole('button', { name: 'Rename' }))
  expect(core.argsOf('containers.rename')).toEqual([{ engine: 'local', id: web.id, name: 'front' }])
})

test('prune takes just the lines that stay checked', async () => {
  const plan = {
    entries: [
      { id: db.id, name: 'db', sizeBytes: 2000 },
      { id: shopJob.id, name: 'shop-job' },
    ],
  }
  const user = open(all, {
    answers: {
      'containers.prunePlan': () => plan,
      'containers.prune': () => ({ removed: 1, reclaimedBytes: 2000 }),
    },
  })
  await user.click(screen.getByRole('button', { name: 'Remove stopped…' }))
  const dialog = screen.getByRole('dialog')
  await user.click(await within(dialog).findByRole('checkbox', { name: 'shop-job' }))
  await user.click(within(dialog).getByRole('button', { name: /Remove 1/ }))
  expect(core.argsOf('containers.prune')).toEqual([{ engine: 'local', ids: [db.id] }])
})

test('no containers at all: the way to run one', () => {
  open([])
  expect(screen.getByText('No containers yet')).toBeTruthy()
})

test('the rows of an engine that is lost stay', () => {
  const error = { code: 'engine.unreachable', message: '', facts: {} } as const
  open(all, { engines: [engine({ state: { kind: 'lost', error, sinceMs: 0 } })] })
  expect(names()).toHaveLength(5)
})

test('an engine that does not give its containers is named above those of before', () => {
  open(all, { engines: [engine({ missing: { containers: { kind: 'awaited' } } })] })
  expect(screen.getByText(/Local takes its time to list/)).toBeTruthy()
  expect(names()).toHaveLength(5)
})

test('hostile names and labels are text, isolated, and break nothing', () => {
  const nasty = '<img src=x onerror=alert(1)>\u202Egnp.exe'
  open([container({ name: nasty, labels: { big: 'x'.repeat(100_000) } })])
  expect(document.querySelector('img')).toBeNull()
  expect(screen.getByText(nasty).tagName).toBe('BDI')
})

test('all of it speaks Korean at once', async () => {
  open()
  await act(() => setLanguage('ko'))
  expect(screen.getByRole('heading', { name: '컨테이너' })).toBeTruthy()
  expect(within(row('db')).getByText('종료됨 (1)')).toBeTruthy()
})

test('sorted by CPU, the rows follow their readings, and all that run are read', async () => {
  const user = open([web, shopApi, db])
  setUi('containers.grouped', false)
  await user.click(screen.getByRole('button', { name: 'CPU' }))
  const reading = (one: Container, cpuPercent: number): StatSample =>
    ({ engine: one.engine, id: one.id, atMs: 1, cpuPercent, memoryBytes: 1 }) as StatSample
  act(() => takeSamples([reading(web, 3), reading(shopApi, 90)]))
  await waitFor(() => expect(names()).toEqual(['shop-api', 'web', 'db']))
})

test('keys mean their letters with a Korean keyboard too, and once while held', () => {
  open()
  const list = screen.getByRole('treegrid')
  list.focus()
  fireEvent.keyDown(list, { key: 'End', code: 'End' })
  fireEvent.keyDown(list, { key: 'ㄴ', code: 'KeyS' })
  fireEvent.keyDown(list, { key: 'ㄴ', code: 'KeyS', repeat: true })
  expect(core.argsOf('containers.stop')).toEqual([{ engine: 'local', id: web.id }])
})

test('who comes back finds the search and the row as they were', async () => {
  const user = open()
  await user.type(screen.getByRole('searchbox'), 'b')
  screen.getByRole('treegrid').focus()
  await user.keyboard('{End}')
  cleanup()
  render(<ContainersPage />)
  expect(names()).toEqual(['shop', 'shop-job', 'db', 'web'])
  expect(row('web').getAttribute('aria-selected')).toBe('true')
  screen.getByRole('treegrid').focus()
  await user.keyboard('{ArrowUp}')
  expect(row('db').getAttribute('aria-selected')).toBe('true')
})

test('the removal of one is told of one', async () => {
  const user = open([web, shopApi])
  await user.click(within(row('web')).getByRole('button', { name: 'Remove…' }))
  const dialog = screen.getByRole('dialog')
  expect(within(dialog).getByText(/What it wrote outside of volumes goes with it/)).toBeTruthy()
  expect(within(dialog).getByText(/^It has no anonymous volumes/)).toBeTruthy()
  expect(within(dialog).getByRole('checkbox', { name: 'Kill it' })).toBeTruthy()
})

test('what goes and what stays stand in the order of the list, and the title counts what goes', async () => {
  const user = open([shopJob, web, db, shopApi])
  screen.getByRole('treegrid').focus()
  await user.keyboard('{Control>}a{/Control}')
  await user.click(screen.getByRole('button', { name: 'Remove… (4)' }))
  const dialog = screen.getByRole('dialog', { name: 'Remove 2 containers' })
  const namesOf = (list: HTMLElement): (string | null)[] =>
    [...list.querySelectorAll('bdi')].map((one) => one.textContent)
  expect(within(dialog).getAllByRole('list').map(namesOf)).toEqual([
    ['shop-job', 'db'],
    ['shop-api', 'web'],
  ])
  expect(dialog.querySelector('.going-list__kept')).toBeNull()
  await user.click(within(dialog).getByRole('checkbox', { name: 'Kill those that run' }))
  expect(screen.getByRole('dialog', { name: 'Remove 4 containers' })).toBe(dialog)
  expect(within(dialog).getAllByRole('list')).toHaveLength(1)
})

test('a key that is pressed twice asks once, and does not start what the first press left alone', async () => {
  const user = open()
  core.hold('containers.stop')
  screen.getByRole('treegrid').focus()
  await user.keyboard('{Control>}a{/Control}')
  await user.keyboard('ssr')
  expect(core.argsOf('containers.stop')).toHaveLength(2)
  expect(core.argsOf('containers.start')).toEqual([])
  // Those that nothing was asked of.
  expect(core.argsOf('containers.restart')).toHaveLength(2)
  await act(async () => {
    core.release('containers.stop')
    await Promise.resolve()
  })
})

test('a key that two verbs share stands beside the one that it would do', async () => {
  const user = open()
  screen.getByRole('treegrid').focus()
  await user.keyboard('{Control>}a{/Control}')
  await user.pointer({ keys: '[MouseRight]', target: row('web') })
  const textOf = async (name: RegExp): Promise<string | null> =>
    (await screen.findByRole('menuitem', { name })).textContent
  expect(await textOf(/^Stop \(2\)/)).toBe('Stop (2)S')
  expect(await textOf(/^Start \(2\)/)).toBe('Start (2)')
})
