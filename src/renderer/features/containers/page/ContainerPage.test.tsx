import { act, cleanup, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, test } from 'vitest'
import { AppError } from '../../../../shared/errors'
import type { Container, ContainerDetail } from '../../../../shared/model'
import { setUi } from '../../../store/ui'
import { container, detail } from '../sample-containers'
import { startFakeCore, type FakeCore } from '../fake-core'
import { ContainerPage } from './ContainerPage'

const web = container({ name: 'web' })
const ended = container({ name: 'web', state: 'exited', exitCode: 137 })
const env = [
  { name: 'PATH', value: '/bin' },
  { name: 'DB_PASSWORD', value: 'canary-1' },
]
const raw = { Config: { Env: ['PATH=/bin', 'DB_PASSWORD=canary-1', 'API_TOKEN=canary-2'] } }

let core: FakeCore

interface Opened {
  readonly row?: Container
  readonly tab?: string
  readonly given?: ContainerDetail
  readonly answers?: Record<string, (args: never) => unknown>
  readonly streams?: Record<string, (args: never) => unknown>
}

function open({ row = web, tab, given = detail(), answers = {}, streams = {} }: Opened = {}): ReturnType<
  typeof userEvent.setup
> {
  core = startFakeCore({
    containers: [row],
    answers: { 'containers.inspect': () => given, ...answers },
    streams,
  })
  render(
    <ContainerPage
      engine="local"
      id={row.id}
      tab={tab}
      logs={({ name }) => <p>logs of {name}</p>}
      terminal={({ name }) => <p>terminal of {name}</p>}
      files={({ base, revision }) => <p>{`files at ${base} of ${revision}`}</p>}
    />,
  )
  return userEvent.setup()
}

beforeEach(() => {
  setUi('containers.inspectView', undefined)
  setUi('containers.changesView', undefined)
})

test('a page begins with the logs of its container', () => {
  open()
  expect(screen.getByText('logs of web')).toBeTruthy()
  expect(screen.getByRole('heading', { name: 'web' })).toBeTruthy()
})

test('the slot of the terminal gets the container', () => {
  open({ tab: 'terminal' })
  expect(screen.getByText('terminal of web')).toBeTruthy()
})

test('the slot of the files gets its own path, and is told when the container stops', () => {
  open({ tab: 'files' })
  expect(screen.getByText(`files at /containers/local/${web.id}/files of running`)).toBeTruthy()
  act(() => core.put({ ...web, state: 'exited' }))
  expect(screen.getByText(/of exited$/)).toBeTruthy()
})

test('why it ended stands above every tab, with its facts and a way to the logs', async () => {
  const ending = { exitCode: 137, oomKilled: true, error: '', finishedAtMs: Date.now(), ranMs: 65_000 }
  open({
    row: ended,
    tab: 'health',
    given: detail({ running: false, ending, limits: { memoryBytes: 64 * 1024 * 1024, cpus: 0, pids: 0 } }),
  })
  const card = await screen.findByRole('region', { name: 'Why it is not running' })
  expect(card.textContent).toContain('more memory than it may have')
  expect(card.textContent).toContain('Exit code 137')
  expect(card.textContent).toContain('64 MiB')
  expect(within(card).getByRole('button', { name: 'Show the logs' })).toBeTruthy()
})

test('the words of the engine are shown where it could not start', async () => {
  const ending = {
    exitCode: 128,
    oomKilled: false,
    error: 'port is already allocated',
    finishedAtMs: 0,
    ranMs: 0,
  }
  open({ row: ended, given: detail({ running: false, ending }) })
  expect(await screen.findByText('port is already allocated')).toBeTruthy()
})

test('what never ran is started, and what ran is started again', async () => {
  open({ row: container({ name: 'web', state: 'created' }), given: detail({ running: false }) })
  const fresh = await screen.findByRole('region', { name: 'Why it is not running' })
  expect(within(fresh).getByRole('button').textContent).toBe('Start')
  cleanup()
  const ending = { exitCode: 0, oomKilled: false, error: '', finishedAtMs: 1, ranMs: 1 }
  open({ row: ended, tab: 'health', given: detail({ running: false, ending }) })
  const again = await screen.findByRole('region', { name: 'Why it is not running' })
  expect(within(again).getByRole('button', { name: 'Start again' })).toBeTruthy()
})

test('the card goes when the container runs again, by the event alone', async () => {
  const ending = { exitCode: 1, oomKilled: false, error: '', finishedAtMs: 1, ranMs: 1 }
  let now = detail({ running: false, ending })
  open({ row: ended, answers: { 'containers.inspect': () => now } })
  await screen.findByRole('region', { name: 'Why it is not running' })
  now = detail({ running: true, ending })
  act(() => core.put(web))
  await waitFor(() => expect(screen.queryByRole('region', { name: 'Why it is not running' })).toBeNull())
})

test('secrets stay hidden until each is revealed', async () => {
  const user = open({ tab: 'inspect', given: detail({ env, raw }) })
  await screen.findByText('DB_PASSWORD')
  expect(document.body.textContent).not.toContain('canary')
  await user.click(screen.getByRole('button', { name: 'Reveal DB_PASSWORD' }))
  expect(screen.getByText('canary-1')).toBeTruthy()
})

test('a search does not find what a hidden value holds', async () => {
  const user = open({ tab: 'inspect', given: detail({ env }) })
  await user.type(await screen.findByRole('searchbox'), 'canary')
  expect(screen.getByText('Nothing matches')).toBeTruthy()
})

test('the raw JSON hides the same values, and reveals one alone', async () => {
  const user = open({ tab: 'inspect', given: detail({ env, raw }) })
  await user.click(await screen.findByRole('tab', { name: 'Raw JSON' }))
  await user.click(screen.getByRole('button', { name: 'Expand all' }))
  expect(document.body.textContent).not.toContain('canary')
  await user.click(screen.getByText('Hidden values'))
  await user.click(screen.getByRole('button', { name: 'Reveal DB_PASSWORD' }))
  await waitFor(() => expect(document.body.textContent).toContain('canary-1'))
  expect(document.body.textContent).not.toContain('canary-2')
})

test('changed files are counted, filtered and said to be cut', async () => {
  const changes = [
    { path: '/etc/app', change: 'added' },
    { path: '/tmp/gone', change: 'removed' },
  ]
  const user = open({
    tab: 'changes',
    streams: { 'layers.changes': () => ({ kind: 'changes', road: 'agent', changes, isCut: true }) },
  })
  expect(await screen.findByText('app')).toBeTruthy()
  expect(screen.getByText(/the list was cut/)).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Added 1' }))
  expect(screen.queryByText('app')).toBeNull()
  expect(screen.getByText('gone')).toBeTruthy()
})

test('processes hide passwords of command lines', async () => {
  const table = { titles: ['PID', 'CMD'], rows: [['7', 'app --password hunter2']] }
  open({ tab: 'processes', answers: { 'containers.top': () => table } })
  expect(await screen.findByText(/app --password/)).toBeTruthy()
  expect(document.body.textContent).not.toContain('hunter2')
})

test('a stopped container has no processes and asks for none', () => {
  open({ row: ended, tab: 'processes' })
  expect(screen.getByText('Not running')).toBeTruthy()
  expect(core.argsOf('containers.top')).toEqual([])
})

test('a failure names itself and can be tried again', async () => {
  let isDown = true
  const answer = (): unknown => {
    if (isDown) throw new AppError('engine.not-responding', 'silent')
    return { kind: 'changes', road: 'api', changes: [], isCut: false }
  }
  const user = open({ tab: 'changes', streams: { 'layers.changes': answer } })
  await screen.findByText('The changes could not be read')
  isDown = false
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  expect(await screen.findByText('No changes')).toBeTruthy()
})

test('the last probes are shown, newest first', async () => {
  const probe = (at: number, exitCode: number, output: string) => ({
    startedAtMs: at,
    endedAtMs: at + 20,
    exitCode,
    output,
  })
  const health = {
    status: 'unhealthy',
    failingStreak: 3,
    test: ['CMD-SHELL', 'curl localhost'],
    probes: [probe(1000, 0, 'fine'), probe(2000, 1, 'refused')],
  }
  open({ tab: 'health', given: detail({ health }) })
  await screen.findByText('Failed (1)')
  const outputs = [...document.querySelectorAll('.probe__output')].map((one) => one.textContent)
  expect(outputs).toEqual(['refused', 'fine'])
})

test('a container that is removed meanwhile says so, with a way back', () => {
  open()
  act(() => core.drop(web.id))
  expect(screen.getByText('This container is gone')).toBeTruthy()
  expect(screen.getByRole('link', { name: 'All containers' }).getAttribute('href')).toBe('#/containers')
})

test('an unknown id says so, with a way back', async () => {
  core = startFakeCore({
    containers: [],
    answers: {
      'containers.inspect': () => {
        throw new AppError('object.not-found', 'none')
      },
    },
  })
  const none = (): null => null
  render(<ContainerPage engine="local" id="feedfacefeed" logs={none} terminal={none} files={none} />)
  expect(await screen.findByText('No such container')).toBeTruthy()
  expect(screen.getByText(/feedfacefeed/)).toBeTruthy()
})
