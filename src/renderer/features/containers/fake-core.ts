// A core for this folder's tests: answers from a table and keeps what was asked.
import type { Client } from '../../../shared/contract'
import { AppError } from '../../../shared/errors'
import type { Container, Delta, Engine, EngineId } from '../../../shared/model'
import { takeClient } from '../../api'
import { applyInventory, forgetInventory } from '../../store/inventory'

type Answer = (args: never) => unknown

export interface FakeCore {
  /** Calls so far, newest last: `[name, args]`. */
  readonly calls: readonly (readonly [string, unknown])[]
  /** What was asked under one name. */
  argsOf(name: string): readonly unknown[]
  /** Answers held back until `release`. */
  hold(name: string): void
  release(name: string): void
  /** Changes rows as an event of the engine would. */
  put(...rows: readonly Container[]): void
  drop(...ids: readonly string[]): void
}

export function engine(given: Partial<Engine> = {}): Engine {
  return {
    id: 'local' as EngineId,
    name: 'Local',
    origin: 'socket',
    address: 'unix:///var/run/docker.sock',
    state: { kind: 'running', sinceMs: 0 },
    features: { platform: true },
    clockSkewMs: 0,
    isOurs: false,
    ...given,
  }
}

/** Tells one item, if it has one, and then nothing for ever. */
const waitingStream = (item: Answer | undefined, args: unknown) => ({
  async *[Symbol.asyncIterator]() {
    if (item) yield item(args as never)
    await new Promise(() => undefined)
    yield undefined
  },
  send: () => Promise.resolve(),
  cancel: () => undefined,
})

interface Setup {
  readonly containers: readonly Container[]
  readonly engines?: readonly Engine[]
  readonly answers?: Readonly<Record<string, Answer>>
  /** What streams tell, one item each, before they wait for ever. */
  readonly streams?: Readonly<Record<string, Answer>>
}

export function startFakeCore({
  containers,
  engines = [engine()],
  answers = {},
  streams = {},
}: Setup): FakeCore {
  const calls: [string, unknown][] = []
  const held = new Map<string, (() => void)[]>()
  let rev = 1
  const client = {
    call: async (name: string, args: unknown, signal?: AbortSignal) => {
      calls.push([name, args])
      const waiting = held.get(name)
      if (waiting) await new Promise<void>((resolve) => waiting.push(resolve))
      signal?.throwIfAborted()
      const answer = answers[name]
      if (!answer && !/\.(start|stop|restart|pause|resume|kill|rename|remove)$|setUi$/.test(name))
        throw new AppError('call.unknown', `The fake has no answer for ${name}`)
      return answer?.(args as never) ?? null
    },
    stream: (name: string, args: unknown) => waitingStream(streams[name], args),
    onPush: () => () => undefined,
    onClose: () => () => undefined,
    close: () => undefined,
  }
  takeClient(client as unknown as Client)
  forgetInventory()
  applyInventory({
    kind: 'snapshot',
    engines,
    roads: [],
    slices: engines.map(({ id }) => ({
      engine: id,
      kind: 'containers',
      rev,
      rows: containers.filter((one) => one.engine === id),
    })),
  })
  const change = (put: readonly Container[], drop: readonly string[]): void => {
    const delta: Delta = { engine: 'local' as EngineId, kind: 'containers', rev: ++rev, put, drop }
    applyInventory({ kind: 'deltas', deltas: [delta] })
  }
  return {
    calls,
    argsOf: (name) => calls.filter(([asked]) => asked === name).map(([, args]) => args),
    hold: (name) => void held.set(name, []),
    release: (name) => {
      const waiting = held.get(name) ?? []
      held.delete(name)
      for (const go of waiting) go()
    },
    put: (...rows) => change(rows, []),
    drop: (...ids) => change([], ids),
  }
}
