import { expect, test } from 'vitest'
import type { Client, Handlers } from '../../../shared/contract'
import { createClient } from '../../../shared/contract/client'
import { AppError } from '../../../shared/errors'
import type {
  EngineId,
  Machine,
  MachineId,
  MachineState,
  SessionId,
  TerminalItem,
} from '../../../shared/model'
import { serveClient } from '../../core/api/serve-client'
import { fakeHandlers } from '../../../../testing/transports/fake-handlers'
import { codeOf } from '../../../../testing/transports/lab'
import { memoryRoad } from '../../../../testing/transports/memory-transport'
import type { Answer, CliIo } from '../command'
import { commands, help } from '../commands'
import { mibOf } from './machine-create'
import { sizeText } from './machine-text'
import { readArgs } from '../read-args'

const settings = {
  name: 'vm',
  backend: 'qemu',
  cpus: 2,
  memoryMiB: 2048,
  diskGiB: 40,
  shares: [{ path: '/home/ann', isReadOnly: false }],
} as unknown as Machine['settings']

const machine = (name: string, state: MachineState = { kind: 'running', sinceMs: 0 }): Machine =>
  ({
    id: name as MachineId,
    engine: name as unknown as EngineId,
    settings: { ...settings, name },
    state,
    accelerator: { name: 'tcg', isEmulated: true },
    ports: [
      { protocol: 'tcp', address: '127.0.0.1', port: 8080, container: 'abc123def4567', road: 'hostfwd' },
    ],
    shares: [],
    boots: [],
  }) as unknown as Machine

interface Lab {
  readonly client: Client
  readonly asked: [string, unknown][]
}

function lab(machines: readonly Machine[], more: Partial<Handlers> = {}): Lab {
  const { client, core: end } = memoryRoad()
  const asked: [string, unknown][] = []
  const note = (name: string) => (args: unknown) => {
    asked.push([name, args])
    return null
  }
  const handlers = fakeHandlers({
    'machines.watch': async function* () {
      yield await Promise.resolve(machines)
    },
    'machines.propose': () => ({ settings }) as never,
    'machines.create': (args) => {
      asked.push(['create', args])
      return { machine: args.settings.name as MachineId }
    },
    'machines.start': note('start'),
    'machines.stop': note('stop'),
    'machines.remove': note('remove'),
    'machines.deletePlan': () => ({ items: [{ what: 'disk', path: '/d/data.raw', bytes: 6_100_000_000 }] }),
    ...more,
  })
  serveClient(end, handlers, { onPush: () => () => undefined, reportBug: () => undefined })
  return { client: createClient(client), asked }
}

interface Seen {
  readonly complained: string[]
  readonly written: string[]
}

async function run(client: Client, argv: readonly string[], io: Partial<CliIo> = {}): Promise<Answer & Seen> {
  const seen: Seen = { complained: [], written: [] }
  const reading = readArgs(argv, commands, help)
  if (reading.kind !== 'run') throw new Error(reading.text)
  const answer = await reading.command.run({
    client,
    words: reading.words,
    options: reading.options,
    io: {
      say: () => undefined,
      complain: (text) => void seen.complained.push(text),
      ask: () => Promise.resolve(undefined),
      terminal: {
        write: (bytes) => {
          seen.written.push(Buffer.from(bytes).toString())
          return Promise.resolve()
        },
        onInput: () => () => undefined,
        onResize: () => () => undefined,
        size: { cols: 100, rows: 30 },
        isInteractive: true,
      },
      signal: new AbortController().signal,
      ...io,
    },
  })
  return { ...answer, ...seen }
}

test('ls tells the state in words, and emulation plainly', async () => {
  const failed = machine('old', {
    kind: 'failed',
    stage: 'engine',
    cause: { code: 'machine.boot-timeout', message: 'No answer within 60 s', facts: {} },
    lines: [],
    sinceMs: 0,
  })
  const { text, data } = await run(lab([machine('vm'), failed]).client, ['machine', 'ls'])
  const [, first = '', second] = text.split('\n')
  expect(first.split(/ {3,}/)).toEqual([
    'vm',
    'running',
    'qemu/tcg (emulated)',
    '2',
    '2048 MiB',
    '40 GiB',
    '8080',
  ])
  expect(second).toContain('failed at engine: No answer within 60 s')
  expect(data).toHaveLength(2)
})

test('the name may be left out while there is one machine, and only then', async () => {
  const one = lab([machine('vm')])
  await run(one.client, ['machine', 'suspend'])
  await run(one.client, ['machine', 'stop', 'vm', '--kill'])
  expect(one.asked).toEqual([
    ['stop', { machine: 'vm', how: 'suspend' }],
    ['stop', { machine: 'vm', how: 'kill' }],
  ])
  const two = lab([machine('vm'), machine('other')])
  expect(await codeOf(run(two.client, ['machine', 'stop']))).toBe('input.invalid')
  expect(await codeOf(run(two.client, ['machine', 'stop', 'nope']))).toBe('machine.unknown')
  expect(two.asked).toEqual([])
})

test('create is the proposal with what was asked for', async () => {
  const { client, asked } = lab([])
  await run(client, ['machine', 'create', 'big', '--cpus', '4', '--memory', '3g', '--share', '/srv:ro'])
  expect(asked).toMatchObject([
    [
      'create',
      {
        settings: {
          name: 'big',
          cpus: 4,
          memoryMiB: 3072,
          diskGiB: 40,
          shares: [{ path: '/srv', isReadOnly: true }],
        },
      },
    ],
  ])
})

test.each([
  ['--cpus', '0'],
  ['--memory', 'much'],
  ['--disk', '1'],
  ['--backend', 'xen'],
])('create refuses %s %s before anything is made', async (option, value) => {
  const { client, asked } = lab([])
  expect(await codeOf(run(client, ['machine', 'create', option, value]))).toBe('input.invalid')
  expect(asked).toEqual([])
})

test('up makes one, starts it, and tells each stage once', async () => {
  const going = (stage: 'kernel' | 'engine'): Machine =>
    machine('vm', { kind: 'starting', stage, sinceMs: 0 })
  let start = (): void => undefined
  const started = new Promise<null>((resolve) => (start = () => resolve(null)))
  let round = 0
  const { client, asked } = lab([], {
    'machines.watch': async function* () {
      // First: there is none. Then: how the start goes. At last: how it is.
      const times = round++
      if (times === 0) yield await Promise.resolve([])
      if (times > 1) yield [machine('vm')]
      if (times !== 1) return
      for (const stage of ['kernel', 'kernel', 'engine'] as const) yield [going(stage)]
      start()
    },
    'machines.start': () => started,
  })
  const { complained, data } = await run(client, ['machine', 'up'])
  expect(asked.map(([name]) => name)).toEqual(['create'])
  expect(complained.slice(1)).toEqual(['vm: booting the kernel', 'vm: waiting for the engine'])
  expect(data).toMatchObject({ id: 'vm', state: { kind: 'running' } })
})

test('rm lists what goes and wants the name; without anybody to ask it refuses', async () => {
  const { client, asked } = lab([machine('vm')])
  expect(await codeOf(run(client, ['machine', 'rm', 'vm']))).toBe('input.invalid')
  expect(asked).toEqual([])
  const { complained } = await run(client, ['machine', 'rm', 'vm'], { ask: () => Promise.resolve('vm') })
  expect(complained).toEqual(['disk  /d/data.raw  6.1 GB'])
  await run(client, ['machine', 'rm', 'vm', '--confirm', 'nope'])
  expect(asked.map(([, args]) => args)).toEqual([
    { machine: 'vm', typedName: 'vm' },
    // Core compares: a wrong name is refused there.
    { machine: 'vm', typedName: 'nope' },
  ])
})

function shellLab(items: readonly TerminalItem[]): Lab & { readonly opened: unknown[] } {
  const opened: unknown[] = []
  const all = lab([machine('vm'), machine('other')], {
    'terminal.open': (args) => {
      opened.push(args)
      return { session: { id: 's' as SessionId } as never }
    },
    'terminal.attach': async function* () {
      for (const item of items) yield await Promise.resolve(item)
    },
    'terminal.close': () => null,
  })
  return { ...all, opened }
}

test('ssh runs a command of its own options in a machine and ends with its code', async () => {
  const { client, opened } = shellLab([Buffer.from('hi\n'), { kind: 'ended', exitCode: 3 }])
  const { exitCode, written } = await run(client, ['ssh', 'vm', 'ls', '-la', '--json', '--help'])
  expect(opened).toEqual([
    { kind: 'machine', machine: 'vm', command: ['ls', '-la', '--json', '--help'], cols: 100, rows: 30 },
  ])
  expect([exitCode, written]).toEqual([3, ['hi\n']])
})

test('ssh that lost its machine is no success', async () => {
  expect((await run(shellLab([]).client, ['ssh', 'vm'])).exitCode).toBe(255)
  const error = { code: 'machine.ended', message: 'gone', facts: {} } as const
  const lost = run(shellLab([{ kind: 'ended', error }]).client, ['ssh', 'vm'])
  await expect(lost).rejects.toBeInstanceOf(AppError)
})

test('ssh to an unknown name among several says so instead of running it', async () => {
  const { client, opened } = shellLab([])
  expect(await codeOf(run(client, ['ssh', 'uptime']))).toBe('machine.unknown')
  expect(opened).toEqual([])
})

test('sizes are read and told as people write them', () => {
  expect(['4096', '4g', '4GiB', '512m'].map(mibOf)).toEqual([4096, 4096, 4096, 512])
  expect(mibOf('4 apples')).toBeNaN()
  expect([0, 999, 12_345, 6_100_000_000].map(sizeText)).toEqual(['0 B', '999 B', '12.3 kB', '6.1 GB'])
})
