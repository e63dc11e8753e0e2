import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCore, type Core, type CoreOptions } from '../../src/main/core/core'
import { pathsOf } from '../../src/main/core/platform/paths'
import { waitFor } from '../../src/main/core/platform/wait-for'
import type { Args, CallName, Reply, StreamName, Item } from '../../src/shared/contract'
import type { Engine, Machine, MachineId, MachineSettings } from '../../src/shared/model'
import { builtImages } from './built-image'

/** A boot under emulation on a busy host. */
export const bootMs = 300_000

type AnyCall = (args: unknown, signal: AbortSignal) => unknown
type AnyStream = (
  args: unknown,
  context: { signal: AbortSignal; input: AsyncIterable<never> },
) => AsyncIterable<unknown>

/** A core of its own with real machines: no other engine of this host is looked for. */
export class RealLab {
  #core: Core | undefined

  constructor(readonly dir = mkdtempSync(join(tmpdir(), 'slipway-real-'))) {}

  /** Starts the core of this folder; after `leave` another one. */
  async open(more: Partial<CoreOptions> = {}): Promise<void> {
    const options = labOptions(this.dir)
    this.#core = await startCore({ ...options, ...more, vms: { ...options.vms, ...more.vms } })
  }

  get core(): Core {
    if (!this.#core) throw new Error('the lab has no core now')
    return this.#core
  }

  async call<N extends CallName>(name: N, args: Args<N>): Promise<Reply<N>> {
    const handler = this.core.handlers[name] as unknown as AnyCall
    return (await handler(args, new AbortController().signal)) as Reply<N>
  }

  /** The first item of a stream that `check` takes. */
  async first<N extends StreamName, T>(
    name: N,
    args: Args<N>,
    {
      check,
      what,
      timeoutMs = 60_000,
    }: { check: (item: Item<N>) => T | undefined; what: string; timeoutMs?: number },
  ): Promise<T> {
    const end = new AbortController()
    const timer = setTimeout(() => end.abort(), timeoutMs)
    const handler = this.core.handlers[name] as unknown as AnyStream
    try {
      for await (const item of handler(args, { signal: end.signal, input: nothing() })) {
        const found = check(item as Item<N>)
        if (found !== undefined) return found
      }
      throw new Error(`not seen: ${what}`)
    } finally {
      clearTimeout(timer)
      end.abort()
    }
  }

  /** A machine as small as tests need it, with these settings. */
  async create(settings: Partial<MachineSettings>): Promise<MachineId> {
    const { settings: proposed } = await this.call('machines.propose', {})
    const small = { memoryMiB: 1024, cpus: 1, diskGiB: 3, startsWithApp: false }
    return (await this.call('machines.create', { settings: { ...proposed, ...small, ...settings } })).machine
  }

  /** Until its engine is connected; gives its socket on this host. What failed is told with the machine's own lines. */
  async start(id: MachineId): Promise<string> {
    await this.call('machines.start', { machine: id }).catch(async (cause: unknown) => {
      const { state } = await this.machine(id)
      throw new Error(state.kind === 'failed' ? state.lines.join('\n') : state.kind, { cause })
    })
    await this.untilEngine(id)
    return this.core.paths.machine(id).engineSocket
  }

  machine(id: MachineId): Promise<Machine> {
    const check = (all: readonly Machine[]): Machine | undefined => all.find((machine) => machine.id === id)
    return this.first('machines.watch', {}, { check, what: 'the machine' })
  }

  untilState(id: MachineId, kind: Machine['state']['kind'], timeoutMs = bootMs): Promise<Machine> {
    const check = (all: readonly Machine[]): Machine | undefined =>
      all.find((machine) => machine.id === id && machine.state.kind === kind)
    return this.first('machines.watch', {}, { check, what: `the state ${kind}`, timeoutMs })
  }

  /** Until the machine's engine is connected. */
  untilEngine(id: MachineId, timeoutMs = bootMs): Promise<Engine> {
    return waitFor(
      async () => {
        const engines = await this.first(
          'inventory.watch',
          {},
          {
            check: (item) => (item.kind === 'snapshot' ? item.engines : undefined),
            what: 'a snapshot',
          },
        )
        return engines.find((each) => each.id === (id as string) && each.state.kind === 'running')
      },
      { timeoutMs, what: 'the engine', everyMs: 200 },
    )
  }

  pidOf(id: MachineId): number {
    return Number(readFileSync(this.core.paths.machine(id).pid, 'utf8'))
  }

  async close(): Promise<void> {
    await this.#core?.close()
    this.#core = undefined
  }

  /** A hypervisor that still lives, of a core that was killed, goes before its files do. */
  remove(): void {
    const { machines, machine } = pathsOf(join(this.dir, 'data'))
    for (const id of existsSync(machines) ? readdirSync(machines) : []) killLeft(machine(id).pid)
    rmSync(this.dir, { recursive: true, force: true })
  }
}

/** The hypervisor of this pid file, where it still is one: the number may be another program's by now. */
function killLeft(pidPath: string): void {
  try {
    const pid = Number.parseInt(readFileSync(pidPath, 'utf8'), 10)
    if (pid > 1 && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(pidPath))
      process.kill(pid, 'SIGKILL')
  } catch {
    // None, or it has ended.
  }
}

const labOptions = (dir: string): CoreOptions => ({
  host: 'serve',
  dataDir: join(dir, 'data'),
  env: { ...process.env, HOME: join(dir, 'home'), DOCKER_HOST: `unix://${join(dir, 'none.sock')}` },
  // Not root's: no engine of this host is started beside the machine.
  surroundings: { uid: 1000, sockets: { rootful: join(dir, 'none.sock'), podman: join(dir, 'none.sock') } },
  vms: { images: builtImages(join(dir, 'image')) },
})

async function* nothing(): AsyncGenerator<never> {
  // A stream without input.
}
