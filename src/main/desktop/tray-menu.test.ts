import { expect, test } from 'vitest'
import type { Container, Engine, EngineId, Image, Machine, MachineId } from '../../shared/model'
import type { TrayEntry, TrayState } from './tray-menu'
import { label, trayMenu } from './tray-menu'
import { trayWords } from './tray-words'

const words = trayWords('en', 'en')
const container = (part: Partial<Container> & { name: string }): Container =>
  ({ engine: 'local', id: part.name, state: 'running', ports: [], createdAtMs: 0, ...part }) as Container
const state = (part: Partial<TrayState>): TrayState => ({
  engines: [{ id: 'local', name: 'Local', state: { kind: 'running', sinceMs: 0 } } as Engine],
  containers: [],
  images: [],
  machines: [],
  isCoreUp: true,
  ...part,
})
const labels = (entries: readonly TrayEntry[]): string[] =>
  entries.flatMap((entry) => (entry.kind === 'separator' ? [] : [entry.label]))
const find = (entries: readonly TrayEntry[], text: string): Exclude<TrayEntry, { kind: 'separator' }> => {
  const entry = entries.find((one) => one.kind !== 'separator' && one.label.startsWith(text))
  if (!entry || entry.kind === 'separator')
    throw new Error(`no entry ${text} among ${labels(entries).join(', ')}`)
  return entry
}
const inside = (entry: TrayEntry): readonly TrayEntry[] => (entry.kind === 'submenu' ? entry.entries : [])

test('a running container offers stop, restart, logs, terminal and its ports once each', () => {
  const web = container({
    name: 'web',
    ports: [
      { protocol: 'tcp', containerPort: 80, hostPort: 8080, hostIp: '0.0.0.0' },
      { protocol: 'tcp', containerPort: 80, hostPort: 8080, hostIp: '::' },
      { protocol: 'udp', containerPort: 53, hostPort: 5353 },
      { protocol: 'tcp', containerPort: 443 },
    ],
  })
  const entry = find(trayMenu(state({ containers: [web] }), words), 'web')
  expect(labels(inside(entry))).toEqual(['Stop', 'Restart', 'Logs', 'Terminal', 'Open port 8080'])
  expect(find(inside(entry), 'Open port')).toMatchObject({
    action: { do: 'browse', url: 'http://localhost:8080' },
  })
  expect(find(inside(entry), 'Stop')).toMatchObject({
    action: { do: 'act', name: 'containers.stop', refs: [{ engine: 'local', id: 'web' }] },
  })
  expect(find(inside(entry), 'Logs')).toMatchObject({
    action: { do: 'open', path: '/containers/local/web/logs' },
  })
})

test('a stopped container can be started, newest first', () => {
  const stopped = [
    container({ name: 'old', state: 'exited', createdAtMs: 1 }),
    container({ name: 'new', state: 'created', createdAtMs: 2 }),
  ]
  const entry = find(trayMenu(state({ containers: stopped }), words), words.startStopped)
  expect(labels(inside(entry))).toEqual(['new', 'old'])
  expect(inside(entry)[0]).toMatchObject({
    action: { do: 'act', name: 'containers.start', refs: [{ engine: 'local', id: 'new' }] },
  })
})

test('a project goes up and down as a whole, and only what can move is asked to', () => {
  const rows = [
    container({ name: 'a', project: 'shop' }),
    container({ name: 'b', project: 'shop', state: 'exited' }),
  ]
  const shop = find(inside(find(trayMenu(state({ containers: rows }), words), words.projects)), 'shop (1/2)')
  expect(find(inside(shop), 'Start all')).toMatchObject({ action: { refs: [{ id: 'b' }] } })
  expect(find(inside(shop), 'Stop all')).toMatchObject({ action: { refs: [{ id: 'a' }] } })
})

test('a project that is all up has nothing to start', () => {
  const shop = find(
    inside(
      find(
        trayMenu(state({ containers: [container({ name: 'a', project: 'shop' })] }), words),
        words.projects,
      ),
    ),
    'shop',
  )
  expect(find(inside(shop), 'Start all')).not.toHaveProperty('action')
})

test('more containers than a screen holds lead to the window', () => {
  const many = Array.from({ length: 40 }, (_, index) =>
    container({ name: `c${String(index).padStart(2, '0')}` }),
  )
  const menu = trayMenu(state({ containers: many }), words)
  expect(labels(menu)).toContain('Running containers (40)')
  expect(find(menu, '25 more')).toMatchObject({ action: { do: 'open', path: '/containers' } })
})

test('recent images run from their tag; an image without tags is not offered', () => {
  const images = [
    { engine: 'local', id: 'i1', tags: ['team/app:1'], createdAtMs: 1 },
    { engine: 'local', id: 'i2', tags: [], createdAtMs: 9 },
  ] as unknown as Image[]
  const entry = find(trayMenu(state({ images }), words), words.runImage)
  expect(labels(inside(entry))).toEqual(['team/app:1'])
  expect(inside(entry)[0]).toMatchObject({
    action: { do: 'open', path: '/run?engine=local&image=team%2Fapp%3A1' },
  })
})

test('each engine says its state, and no engine leads to the page that says why', () => {
  const lost = {
    id: 'x',
    name: 'Server',
    state: { kind: 'lost', error: { code: 'engine.unreachable', message: '', facts: {} }, sinceMs: 0 },
  } as Engine
  expect(labels(trayMenu(state({ engines: [lost] }), words))).toContain('Server — not reachable')
  expect(find(trayMenu(state({ engines: [] }), words), words.noEngine)).toMatchObject({
    action: { path: '/engine' },
  })
  expect(labels(trayMenu(state({ isCoreUp: false }), words))).toContain(words.coreStarting)
})

test('a hostile name stays one short line that reorders nothing', () => {
  expect(label('a\nb\u202Ec&d')).toBe('a b c&&d')
  expect([...label('x'.repeat(5000))].length).toBe(48)
})

test('Korean has its own words and system follows the locale', () => {
  expect(labels(trayMenu(state({}), trayWords('system', 'ko-KR')))).toContain('Slipway 종료')
  expect(labels(trayMenu(state({}), trayWords('en', 'ko-KR')))).toContain('Quit Slipway')
})

const machine = (kind: string, more: object = {}, backend = 'qemu'): Machine =>
  ({
    id: 'vm' as MachineId,
    engine: 'vm' as EngineId,
    settings: { name: 'vm & co', backend },
    state: { kind, sinceMs: 0, ...more },
  }) as unknown as Machine

test.each([
  ['absent', {}, ['Start', 'Show the machine']],
  ['stopped', {}, ['Start', 'Show the machine']],
  ['failed', {}, ['Start', 'Show the machine']],
  ['starting', {}, ['Show the machine']],
  ['stopping', {}, ['Show the machine']],
  ['running', {}, ['Suspend', 'Shut down', 'Show the machine']],
  ['degraded', {}, ['Suspend', 'Shut down', 'Show the machine']],
])('a machine that is %s offers what it can do, and never to pull its plug', (kind, more, offered) => {
  const entry = find(trayMenu(state({ machines: [machine(kind, more)] }), words), 'vm')
  expect(labels(inside(entry))).toEqual(offered)
})

test('a machine tells its state and stands in for its engine', () => {
  const engines = [{ id: 'vm', name: 'vm', state: { kind: 'stopped', sinceMs: 0 } } as Engine]
  const suspended = machine('stopped', { isSuspended: true })
  const entries = trayMenu(state({ engines, machines: [suspended] }), words)
  expect(labels(entries).filter((text) => text.startsWith('vm'))).toEqual(['vm && co — suspended'])
  expect(find(inside(find(entries, 'vm')), 'Start')).toMatchObject({
    action: { do: 'machine', verb: 'start', machine: 'vm' },
  })
})

test('a hypervisor that saves no state offers no suspend', () => {
  const entry = find(trayMenu(state({ machines: [machine('running', {}, 'hyperkit')] }), words), 'vm')
  expect(labels(inside(entry))).toEqual(['Shut down', 'Show the machine'])
})
