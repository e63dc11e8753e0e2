import { expect, test } from 'vitest'
import type { Client } from '../../shared/contract'
import { createClient } from '../../shared/contract/client'
import type { Container, Engine, InventoryItem, MissingList } from '../../shared/model'
import { serveClient } from '../core/api/serve-client'
import { fakeHandlers } from '../../../testing/transports/fake-handlers'
import { codeOf } from '../../../testing/transports/lab'
import { memoryRoad } from '../../../testing/transports/memory-transport'
import type { Answer, CliIo, Command } from './command'
import { commands, help } from './commands'
import { readArgs } from './read-args'
import { runCli } from './run-cli'
import { findContainer } from './snapshot'
import { table } from './table'

const container = (id: string, name: string): Container =>
  ({
    engine: 'e',
    id,
    name,
    image: 'web:1',
    status: 'Up 2 hours',
    state: 'running',
    ports: [],
  }) as unknown as Container
const [web, db] = [container('abc123def456789', 'web'), container('abd999', 'db')]

function core(done: string[] = []): Client {
  const { client, core: end } = memoryRoad()
  const act = (verb: string) => (args: { id: string }) => {
    done.push(`${verb} ${args.id}`)
    return null
  }
  const handlers = fakeHandlers({
    'app.info': () => ({ version: '1.2.3' }) as never,
    'inventory.watch': async function* () {
      const engines = [
        { id: 'e', name: 'local', state: { kind: 'running' }, facts: { version: '28.1' } },
        { id: 'f', name: 'far', state: { kind: 'lost', error: { code: 'engine.unreachable' } } },
      ]
      const slices = [{ engine: 'e', kind: 'containers', rev: 1, rows: [web, db] }]
      yield await Promise.resolve({
        kind: 'snapshot',
        engines,
        roads: [],
        slices,
      } as unknown as InventoryItem)
    },
    'machines.watch': async function* () {
      yield await Promise.resolve([])
    },
    'containers.stop': act('stop'),
    'containers.start': act('start'),
    'diagnostics.run': () => ({
      atMs: 0,
      checks: [
        { name: 'engine', state: 'bad', facts: {}, message: 'Local is\u001b[2Jgone', mend: 'sudo it' },
        { name: 'memory', state: 'good', facts: {}, message: '1.0 GB free' },
      ],
    }),
    'diagnostics.report': () => ({ text: 'a\u001bb' }),
    'window.show': ({ path }) => act('show')({ id: path }),
  })
  serveClient(end, handlers, { onPush: () => () => undefined, reportBug: () => undefined })
  return createClient(client)
}

const quiet: CliIo = {
  say: () => undefined,
  complain: () => undefined,
  ask: () => Promise.resolve(undefined),
  terminal: {
    write: () => Promise.resolve(),
    onInput: () => () => undefined,
    onResize: () => () => undefined,
    size: { cols: 80, rows: 24 },
    isInteractive: false,
  },
  signal: new AbortController().signal,
}

async function answerIn(client: Client, ...argv: string[]): Promise<Answer> {
  const reading = readArgs(argv, commands, help)
  if (reading.kind !== 'run') throw new Error(reading.text)
  const { command, words, options }: { command: Command } & typeof reading = reading
  return command.run({ client, words, options, io: quiet })
}
const runIn = async (client: Client, ...argv: string[]): Promise<string> =>
  (await answerIn(client, ...argv)).text
const run = (...argv: string[]): Promise<string> => runIn(core(), ...argv)

test('status tells each engine and its state', async () => {
  expect(await run('status')).toBe(
    'Slipway 1.2.3\nENGINE   STATE                       VERSION\nlocal    running                     28.1\n' +
      'far      lost (engine.unreachable)',
  )
})

test('ps lists all containers', async () => {
  expect((await run('ps')).split('\n').map((line) => line.split(/ {3,}/))).toEqual([
    ['ID', 'NAME', 'IMAGE', 'STATUS', 'PORTS', 'ENGINE'],
    ['abc123def456', 'web', 'web:1', 'Up 2 hours', 'local'],
    ['abd999', 'db', 'web:1', 'Up 2 hours', 'local'],
  ])
})

test('stop and start go to what was named', async () => {
  const done: string[] = []
  expect(await runIn(core(done), 'stop', 'web', 'abd9')).toBe('web\ndb')
  expect(done).toEqual(['stop abc123def456789', 'stop abd999'])
})

test('one wrong name among many stops nothing', async () => {
  const done: string[] = []
  const asked = runIn(core(done), 'stop', 'web', 'nope')
  expect(await codeOf(asked)).toBe('object.not-found')
  expect(done).toEqual([])
})

test('open asks the window for a page, and only for a page', async () => {
  const done: string[] = []
  await runIn(core(done), 'open', '/images')
  expect(done).toEqual(['show /images'])
  expect(await codeOf(run('open', 'https://example.org'))).toBe('input.invalid')
})

test('a name wins over an id, and an id that means two is refused', () => {
  const odd = container('fff', 'abc')
  const find = (containers: Container[], asked: string) => findContainer({ containers, engines: [] }, asked)
  expect(find([web, odd], 'abc')).toBe(odd)
  expect(find([web, db], 'abc1')).toBe(web)
  expect(() => find([web, container('abc1ff', 'x')], 'abc1')).toThrow('2 containers')
  expect(() => find([web], 'ab')).toThrow('no container')
})

test('without an engine’s list of containers nobody says that there is none', () => {
  const error = { code: 'engine.failed', message: 'the list is damaged', facts: {} } as const
  const engine = (why: MissingList) => ({ name: 'far', missing: { containers: why } }) as unknown as Engine
  const refused = engine({ kind: 'refused', error })
  const find = (engines: Engine[], asked: string) => findContainer({ containers: [web], engines }, asked)
  expect(() => find([refused], 'ab')).toThrow('far gives no list of containers: the list is damaged')
  expect(() => find([engine({ kind: 'awaited' })], 'ab')).toThrow('try again in a moment')
  expect(find([refused], 'web')).toBe(web)
})

test('a hostile name cannot speak to the terminal', () => {
  expect(table([['a\u001b[2Jb\u202ec', 'd']])).toBe('a\ufffd[2Jb\ufffdc   d')
})

test.each([
  [['--help'], 0],
  [[], 0],
  [['bogus'], 2],
  [['__proto__'], 2],
  [['constructor'], 2],
  [['stop'], 2],
  [['ps', 'x'], 2],
  [['open'], 2],
  [['ps'], 1],
  [['ps', '--json'], 1],
  [['ps', '--all'], 2],
  [['machine'], 0],
  [['machine', 'bogus'], 2],
  [['machine', 'constructor'], 2],
  [['machine', 'ls', 'x'], 2],
  [['machine', 'ls', '--help'], 0],
  [['machine', 'rm'], 2],
  [['machine', 'ssh', '--help'], 0],
  [['machine', 'ssh', '--bogus'], 2],
  [['machine', 'ssh', 'vm', 'ls', '--bogus'], 1],
  [['ssh', '--help'], 0],
  [['ssh', '--bogus'], 2],
])('%j without a core ends with %i', async (argv, code) => {
  const said: string[] = []
  const around = {
    ...quiet,
    coreSocket: '/tmp/slipway-none.sock',
    say: (t: string) => said.push(t),
    complain: (t: string) => said.push(t),
  }
  expect(await runCli(argv, around)).toBe(code)
  expect(said).toHaveLength(1)
})

test('diagnose tells what is broken and what mends it, ends with 3 then, and prints nothing that a terminal obeys', async () => {
  const { exitCode, text } = await answerIn(core(), 'diagnose')
  expect(exitCode).toBe(3)
  expect(text).toContain('bad     engine   Local is\ufffd[2Jgone; to mend it: sudo it')
  expect(await run('diagnose', '--report')).toBe('a\ufffdb')
})
