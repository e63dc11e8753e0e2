import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePool } from '../../src/main/core/machines/local/address-pool'
import {
  dockerdArgs,
  ping,
  spawnDaemon,
  startContainerd,
  type EngineFolders,
  type EngineNetwork,
} from '../../src/main/core/machines/local/engine-process'
import { makeBridge, rangesInUse, removeBridges } from '../../src/main/core/machines/local/host-network'
import { endContainerd, killLeftProcesses, unmountBelow } from '../../src/main/core/machines/local/leftovers'
import { run } from '../../src/main/core/platform/child'
import { waitFor } from '../../src/main/core/platform/wait-for'
import { allOrNothing, type Cleanup } from '../../src/shared/std/cleanup'

export interface TestEngineOptions {
  /** `bridge` (the default) gives containers a network and published ports; `none` is quicker. */
  readonly network?: 'bridge' | 'none'
  readonly args?: readonly string[]
}

/** A Docker Engine of our own, apart from every other on this host, that a test may treat badly. */
export interface TestEngine {
  readonly socket: string
  /** `unix://…` for DOCKER_HOST. */
  readonly host: string
  /** Holds everything it has on disk. */
  readonly dir: string
  readonly pid: number
  /** The first two numbers of its addresses, `10.213`, or empty without a network. */
  readonly pool: string
  /** Ends at once, as a crash does: containers stay behind. */
  kill9(): Promise<void>
  /** Ends it as its service would, and takes everything away. */
  stop(): Promise<void>
  /** Starts it again on the same folders, also after `kill9`. */
  restart(): Promise<void>
  sigstop(): void
  sigcont(): void
  log(): Promise<string>
}

const startLimitMs = 90_000

export async function startTestEngine(options: TestEngineOptions = {}): Promise<TestEngine> {
  await needs('dockerd', 'apt-get install docker.io')
  if (process.getuid?.() !== 0)
    throw new Error('A test engine needs root: run the tests as root, or with `sudo -E npm test`')
  return allOrNothing((cleanup) => startIn(cleanup, options))
}

async function startIn(cleanup: Cleanup, options: TestEngineOptions): Promise<TestEngine> {
  const tag = randomBytes(3).toString('hex')
  const dir = await mkdtemp(`/tmp/slt-${tag}-`)
  cleanup.add(() => rm(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }))
  // Named so that the host's own /etc/docker/daemon.json has no say here.
  await writeFile(join(dir, 'daemon.json'), process.env['SLIPWAY_TEST_ENGINE_CONFIG'] ?? '{}')
  const network = options.network === 'none' ? undefined : await ownNetwork(tag, cleanup)
  const args = [...dockerdArgs(foldersIn(dir), network), '--ip-forward=false', ...(options.args ?? [])]
  const engine = new OwnEngine({ dir, pool: network?.pool ?? '', args, cleanup })
  cleanup.add(() => engine.end())
  await engine.start()
  return engine
}

/** Fails naming what to type: a test that silently does nothing would be worse. */
export async function needs(command: string, mend: string): Promise<void> {
  const found = await run('which', [command]).catch(() => undefined)
  if (found?.code !== 0) throw new Error(`${command} is not installed. Run: ${mend}`)
}

async function ownNetwork(tag: string, cleanup: Cleanup): Promise<EngineNetwork> {
  const bridge = `slt-${tag}`
  const dropBridge = (): Promise<unknown> => run('ip', ['link', 'del', 'dev', bridge])
  cleanup.add(dropBridge)
  // A guess of its own each time, so that engines that start together do not choose the same.
  for (let attempt = 0; attempt < 5; attempt++) {
    const pool = freePool(await rangesInUse(), 1 + Math.floor(Math.random() * 200))
    if (pool === undefined) throw new Error('No free private address range for a test engine')
    await makeBridge(bridge, `${pool}.0.1/24`)
    const takers = (await rangesInUse()).filter((r) => r.last - r.first === 255 && inPool(r.first, pool))
    if (new Set(takers.map((r) => r.first)).size <= 1) {
      // Those of its networks as well.
      cleanup.add(() => removeBridges(pool))
      return { pool, bridge }
    }
    await dropBridge()
  }
  throw new Error('Other engines keep taking the address range that a test engine chose')
}

const inPool = (address: number, pool: string): boolean =>
  Math.floor(address / 65_536) === Number(pool.split('.')[0]) * 256 + Number(pool.split('.')[1])

const foldersIn = (dir: string): EngineFolders => ({
  data: join(dir, 'd'),
  exec: join(dir, 'x'),
  socket: join(dir, 's'),
  pid: join(dir, 'pid'),
  log: join(dir, 'log'),
  config: join(dir, 'daemon.json'),
})

interface MadeEngine {
  readonly dir: string
  readonly pool: string
  readonly args: readonly string[]
  /** Takes away all that was made, with what `end` leaves. */
  readonly cleanup: Cleanup
}

class OwnEngine implements TestEngine {
  #child: ChildProcess | undefined
  readonly dir: string
  readonly pool: string
  readonly socket: string

  constructor(private readonly made: MadeEngine) {
    this.dir = made.dir
    this.pool = made.pool
    this.socket = join(made.dir, 's')
  }

  get host(): string {
    return `unix://${this.socket}`
  }

  get pid(): number {
    const pid = this.#child?.pid
    if (pid === undefined) throw new Error('The test engine is not running')
    return pid
  }

  async start(): Promise<void> {
    await endContainerd(join(this.dir, 'x'))
    await startContainerd(foldersIn(this.dir))
    const child = spawnDaemon('dockerd', this.made.args, join(this.dir, 'log'))
    this.#child = child
    const what = 'the test engine to answer'
    await waitFor(() => this.#isUp(child), { timeoutMs: startLimitMs, what, everyMs: 100 })
  }

  async #isUp(child: ChildProcess): Promise<boolean> {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`dockerd ended at its start:\n${(await this.log()).slice(-3000)}`)
    return ping(this.socket)
  }

  async kill9(): Promise<void> {
    await this.#end('SIGKILL')
  }

  sigstop(): void {
    process.kill(this.pid, 'SIGSTOP')
  }

  sigcont(): void {
    process.kill(this.pid, 'SIGCONT')
  }

  async restart(): Promise<void> {
    await this.#end('SIGTERM')
    await rm(join(this.dir, 'pid'), { force: true })
    await this.start()
  }

  stop(): Promise<void> {
    return this.made.cleanup.close()
  }

  /** Its processes, those of its containers, and their mounts. */
  async end(): Promise<void> {
    await this.#end('SIGTERM')
    await killLeftProcesses(join(this.dir, 'x'))
    await unmountBelow(this.dir)
  }

  async log(): Promise<string> {
    return readFile(join(this.dir, 'log'), 'utf8').catch(() => '')
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    // One that sleeps under SIGSTOP never sees SIGTERM.
    child.kill('SIGCONT')
    child.kill(signal)
    const kill = setTimeout(() => child.kill('SIGKILL'), 30_000)
    await ended
    clearTimeout(kill)
  }
}

export { ping }
