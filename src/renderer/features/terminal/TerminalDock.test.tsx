import { act, fireEvent, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { FakeClient } from '../../../../testing/window/fake-client'
import { containerRow, engineRow, localEngine, snapshotOf } from '../../../../testing/window/rows'
import { AppError } from '../../../shared/errors'
import type { Container, Engine, EngineId, SessionId, TerminalSession } from '../../../shared/model'
import { takeClient } from '../../api'
import { setLanguage, translate } from '../../i18n'
import { dockStore, openTerminal } from '../../store/dock'
import { setEngineFilter } from '../../store/engine-filter'
import { applyInventory, forgetInventory } from '../../store/inventory'
import { ContainerTerminal } from './ContainerTerminal'
import { newTerminalItems } from './DockTabs'
import { endWords } from './PaneState'
import { sessionListStore } from './session-list'
import { TerminalDock } from './TerminalDock'
import { setTitle, titlesStore } from './titles'

const engine = 'e' as EngineId
const session = (id: string, more: Partial<TerminalSession> = {}): TerminalSession => ({
  id: id as SessionId,
  kind: 'host',
  title: `shell ${id}`,
  shell: '/bin/sh',
  user: '',
  startedAtMs: 0,
  cols: 80,
  rows: 24,
  state: 'open',
  ...more,
})

let core: FakeClient

beforeEach(async () => {
  await setLanguage('en')
  sessionListStore.setState({ sessions: undefined })
  dockStore.setState({ requests: [], active: undefined })
  titlesStore.setState({ bySession: new Map() })
  core = new FakeClient({
    'settings.setUi': () => null,
    'terminal.close': () => null,
    'terminal.open': () => ({ session: session('new') }),
  })
  takeClient(core.client)
})

async function tell(sessions: TerminalSession[]): Promise<void> {
  await waitFor(() => core.stream('terminal.watch'))
  core.stream('terminal.watch').put({ sessions })
}

test('the dock shows what core keeps, and says so when that is nothing', async () => {
  render(<TerminalDock />)
  await tell([])
  await waitFor(() => expect(screen.getByText('No terminals')).toBeTruthy())
  await tell([session('1'), session('2', { state: 'ended' })])
  await waitFor(() => expect(screen.getAllByRole('tab')).toHaveLength(2))
  expect(screen.getByText('ended')).toBeTruthy()
})

test('an empty dock that the person opened gives the keys to the way to a terminal, one that was open to nothing', async () => {
  const { unmount } = render(<TerminalDock />)
  await tell([])
  await screen.findByText('No terminals')
  expect(document.activeElement).toBe(document.body)
  unmount()
  sessionListStore.setState({ sessions: undefined })
  render(<TerminalDock takesFocus />)
  await tell([])
  await waitFor(() => expect(document.activeElement?.textContent).toBe(translate('terminal.hostShell')))
})

test('a shell of the host that names no engine is for one that runs, or that the lists are narrowed to', async () => {
  const [away, near] = [engineRow({ id: engine, state: { kind: 'stopped', sinceMs: 0 } }), engineRow()]
  applyInventory({ kind: 'snapshot', engines: [away, near], roads: [], slices: [] })
  onTestFinished(forgetInventory)
  render(<TerminalDock />)
  await tell([])
  const way = { name: translate('terminal.hostShell') }
  await userEvent.click(await screen.findByRole('button', way))
  setEngineFilter(engine)
  onTestFinished(() => setEngineFilter(undefined))
  await userEvent.click(await screen.findByRole('button', way))
  const engines = core.asked('terminal.open').map((args) => (args as { engine?: string }).engine)
  expect(engines).toEqual([near.id, engine])
})

test('a terminal that is shown joins its session', async () => {
  render(<TerminalDock />)
  await tell([session('1')])
  await waitFor(() => expect(core.stream('terminal.attach').args).toEqual({ session: '1' }))
})

test('a request of the window opens one terminal', async () => {
  openTerminal({ engine, container: 'c', title: 'web' })
  render(<TerminalDock />)
  await waitFor(() => expect(core.asked('terminal.open')).toHaveLength(1))
  expect(core.asked('terminal.open')[0]).toMatchObject({ kind: 'container', engine: 'e', container: 'c' })
  expect(dockStore.getState().requests).toEqual([])
})

test('closing a running terminal asks first, an ended one goes at once', async () => {
  render(<TerminalDock />)
  await tell([session('1'), session('2', { state: 'ended' })])
  await waitFor(() => expect(screen.getAllByRole('tab')).toHaveLength(2))
  fireEvent.click(screen.getByRole('button', { name: 'Close shell 2' }))
  await waitFor(() => expect(core.asked('terminal.close')).toEqual([{ session: '2' }]))
  fireEvent(
    screen.getAllByRole('tab')[0] as HTMLElement,
    new MouseEvent('auxclick', { button: 1, bubbles: true, cancelable: true }),
  )
  fireEvent.click(await waitFor(() => screen.getByRole('button', { name: 'Close terminal' })))
  await waitFor(() => expect(core.asked('terminal.close')).toEqual([{ session: '2' }, { session: '1' }]))
})

test('a program names its tab, in text', async () => {
  render(<TerminalDock />)
  await tell([session('1')])
  await waitFor(() => expect(screen.getByRole('tab').textContent).toBe('shell 1'))
  setTitle('1' as SessionId, '<b>vim</b>')
  await waitFor(() => expect(screen.getByRole('tab').textContent).toBe('<b>vim</b>'))
})

test('how a session ended is said in words', () => {
  expect(endWords(translate, { kind: 'ended', exitCode: 3 })).toBe(
    'Session ended: the shell exited with code 3',
  )
  const error = { code: 'engine.unreachable' as const, message: '', facts: {} }
  expect(endWords(translate, { kind: 'ended', error })).toBe('Session ended: engine stopped')
  expect(endWords(translate, { kind: 'ended' })).toBe('Session ended')
})

test('the plus offers a shell of the host for each engine, and of each running container', () => {
  const opened: unknown[] = []
  const one = { id: 'e', name: 'local' } as Engine
  const two = { id: 'f', name: 'far' } as Engine
  const web = { engine, id: 'c', name: 'web' } as Container
  const items = newTerminalItems(translate, { engines: [one, two], running: [web] }, (it) => opened.push(it))
  const labels = items.map((item) => (item === 'separator' ? '-' : item.label))
  expect(labels).toEqual(['Host shell for local', 'Host shell for far', '-', 'web (local)'])
  const last = items.at(-1)
  if (last !== undefined && last !== 'separator' && 'onSelect' in last) last.onSelect()
  expect(opened).toEqual([{ kind: 'container', engine: 'e', container: 'c' }])
})

test('a container that does not run says so, and opens nothing', async () => {
  render(<ContainerTerminal engine={engine} id="c" name="web" />)
  await tell([session('1')])
  await waitFor(() => expect(screen.getByText('The container is not running')).toBeTruthy())
  expect(core.asked('terminal.open')).toEqual([])
})

test('a container’s page comes back to its running session', async () => {
  render(<ContainerTerminal engine={engine} id="c" name="web" />)
  await tell([session('1'), session('2', { kind: 'container', engine, container: 'c', title: 'web — sh' })])
  await waitFor(() => expect(core.stream('terminal.attach').args).toEqual({ session: '2' }))
  expect(core.asked('terminal.open')).toEqual([])
})

test('a lost terminal keeps its screen and can be opened again', async () => {
  render(<TerminalDock />)
  await tell([session('1')])
  await waitFor(() => core.stream('terminal.attach'))
  const error = new AppError('engine.unreachable', '')
  core
    .stream('terminal.attach')
    .put(
      { kind: 'replay', droppedBytes: 0, cols: 80, rows: 24, replayBytes: 0 },
      { kind: 'ended', error: { code: error.code, message: '', facts: {} } },
    )
  await waitFor(() => expect(screen.getByText('Session ended: engine stopped')).toBeTruthy())
  fireEvent.click(screen.getByRole('button', { name: 'Open again' }))
  await waitFor(() => expect(core.asked('terminal.close')).toEqual([{ session: '1' }]))
})

test('an ended terminal opens again only while its container runs', async () => {
  const place = { kind: 'container', engine: localEngine, container: containerRow('web').id } as const
  onTestFinished(forgetInventory)
  applyInventory(snapshotOf([containerRow('web', { state: 'exited' })]))
  render(<ContainerTerminal engine={localEngine} id={place.container} name="web" />)
  await tell([session('1', { ...place, state: 'ended' })])
  await waitFor(() => core.stream('terminal.attach'))
  core
    .stream('terminal.attach')
    .put(
      { kind: 'replay', droppedBytes: 0, cols: 80, rows: 24, replayBytes: 0 },
      { kind: 'ended', exitCode: 0 },
    )
  const again = await screen.findByRole<HTMLButtonElement>('button', { name: 'Open again' })
  const another = screen.getByRole<HTMLButtonElement>('button', { name: 'New session' })
  const words = 'The container is not running'
  expect([again.disabled, again.title, another.disabled, another.title]).toEqual([true, words, true, words])
  act(() => void applyInventory(snapshotOf([containerRow('web')])))
  expect([again.disabled, again.title, another.disabled, another.title]).toEqual([false, '', false, ''])
})

test('a terminal leaves the focus to whoever walks the tabs by keys', async () => {
  const user = userEvent.setup()
  render(
    <>
      <button type="button" role="tab" aria-selected>
        Terminal
      </button>
      <ContainerTerminal engine={engine} id="c" name="web" />
    </>,
  )
  await user.tab()
  await tell([session('2', { kind: 'container', engine, container: 'c', title: 'web — sh' })])
  await waitFor(() => expect(core.stream('terminal.attach').args).toEqual({ session: '2' }))
  expect(document.activeElement).toBe(screen.getByRole('tab'))
})

test('a terminal that was asked for has the focus', async () => {
  render(<ContainerTerminal engine={engine} id="c" name="web" />)
  await tell([session('2', { kind: 'container', engine, container: 'c', title: 'web — sh' })])
  await waitFor(() => expect(document.activeElement?.className).toContain('xterm'))
})

test('a tab that is closed leaves the focus in the dock', async () => {
  render(<TerminalDock />)
  await tell([session('1', { state: 'ended' })])
  const close = await screen.findByRole('button', { name: 'Close shell 1' })
  close.focus()
  await tell([])
  await waitFor(() => expect(screen.getByText('No terminals')).toBeTruthy())
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'New terminal' }))
})
