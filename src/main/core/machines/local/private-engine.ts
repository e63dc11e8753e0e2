import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { chmod, readFile, rm, writeFile } from 'node:fs/promises'
import { AppError, toWire, type WireError } from '../../../../shared/errors'
import type { EngineState } from '../../../../shared/model'
import { backoffMs } from '../../../../shared/std/backoff'
import { Emitter } from '../../../../shared/std/emitter'
import { isAlive } from '../../platform/child'
import { log } from '../../platform/log'
import type { EnginePaths } from '../../platform/paths'
import { DeadlineError, pause, waitFor } from '../../platform/wait-for'
import { after, type Move, type Phase } from '../machine-states'
import {
  containerdSocket,
  dockerdArgs,
  hasEnded,
  listenerAt,
  ping,
  spawnDaemon,
  startContainerd,
} from './engine-process'
import { endContainerd, killLeftProcesses, listProcesses, namesFolder, unmountBelow } from './leftovers'
import { makeNetwork, removeNetwork } from './private-network'

/** From its process to its first answer; a slow disk with many images takes its time. */
const answerLimitMs = 90_000
/** dockerd gives its containers 15 s to end; then it has some to do itself. */
const stopLimitMs = 30_000
const maxLogBytes = 5_000_000
/** One that ends sooner than this after its start is not simply started again for ever. */
const steadyMs = 60_000
const maxRestarts = 3
/** An adopted engine is looked at so often, and is dead when so many looks in a row found no containerd. */
const looks = { everyMs: 1000, untilDead: 3 }

type Stage = 'clearing' | 'network' | 'containerd' | 'dockerd'

/** The engine that core starts and stops itself, on folders, addresses and a socket of its own. */
export class PrivateEngine {
  readonly #changed = new Emitter<EngineState | undefined>()
  #phase: Phase = 'stopped'
  #stage: Stage = 'clearing'
  #sinceMs = Date.now()
  #error: WireError | undefined
  #pid: number | undefined
  #restarts = 0
  /** One for each start that was asked for and for the run that came of it. */
  readonly #starts = new Set<AbortController>()
  #work: Promise<void> = Promise.resolve()

  constructor(private readonly paths: EnginePaths) {}

  /** `undefined` while it runs: whether it answers is then the connection's to say. */
  get state(): EngineState | undefined {
    const sinceMs = this.#sinceMs
    if (this.#phase === 'running') return undefined
    if (this.#phase === 'starting') return { kind: 'starting', stage: this.#stage, sinceMs }
    if (this.#phase === 'failed' && this.#error) return { kind: 'lost', error: this.#error, sinceMs }
    return { kind: 'stopped', sinceMs }
  }

  get phase(): Phase {
    return this.#phase
  }

  /** Subscribes to every new state and returns the undo. */
  onChanged(listener: (state: EngineState | undefined) => void): () => void {
    return this.#changed.on(listener)
  }

  /** Resolves when it runs. Throws `machine.start-failed` with the stage and the engine's own last words. */
  start(): Promise<void> {
    const asked = new AbortController()
    // Known from now on, so that a stop also ends a start that still waits for its turn.
    this.#starts.add(asked)
    return this.#queue(() => this.#start(asked.signal))
  }

  /** Resolves when nothing of it is left. Also ends a start that is under way. */
  stop(): Promise<void> {
    this.#abandon('The engine is being stopped')
    return this.#queue(() => this.#stop())
  }

  /** Ends it, also one that an earlier core left running, and does the work before anybody can start it again. */
  atRest(work: () => Promise<void>): Promise<void> {
    this.#abandon('The engine is being stopped')
    return this.#queue(async () => {
      await this.#stop()
      if (existsSync(this.paths.dir)) {
        await this.#clear()
        await removeNetwork(this.paths.network)
      }
      await work()
    })
  }

  async restart(): Promise<void> {
    await this.stop()
    await this.start()
  }

  /** Leaves it running and looks away. */
  async release(): Promise<void> {
    this.#abandon('Slipway is closing')
    await this.#work
  }

  #abandon(why: string): void {
    for (const start of this.#starts) start.abort(new AppError('cancelled', why))
    this.#starts.clear()
  }

  async logLines(count = 500): Promise<string[]> {
    const text = await readFile(this.paths.log, 'utf8').catch(() => '')
    return text.split('\n').filter(Boolean).slice(-count)
  }

  /** One after the other: a stop that meets a start waits for the start to give up. */
  #queue(step: () => Promise<void>): Promise<void> {
    const next = this.#work.then(step)
    this.#work = next.catch(() => undefined)
    return next
  }

  async #start(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (this.#phase === 'running') return
    this.#move('start')
    try {
      const adopted = await this.#findRunning()
      if (adopted === undefined) await this.#startAnew(signal)
      else this.#adopt(adopted, signal)
      this.#move('up')
    } catch (thrown) {
      const error = signal.aborted ? thrown : await this.#startError(thrown)
      this.#error = toWire(error)
      this.#move('fail')
      await this.#clear().catch(() => undefined)
      throw error
    }
  }

  async #startAnew(signal: AbortSignal): Promise<void> {
    this.#enter('clearing')
    this.#makeFolders()
    await this.#clear()
    if (!existsSync(this.paths.config)) await writeFile(this.paths.config, '{}\n', { mode: 0o600 })
    this.#enter('network')
    const network = await makeNetwork({ file: this.paths.network, execRoot: this.paths.exec }, signal)
    this.#enter('containerd')
    const containerd = await startContainerd(this.paths, signal)
    this.#enter('dockerd')
    const child = spawnDaemon('dockerd', dockerdArgs(this.paths, network), this.paths.log)
    const what = 'the engine to answer'
    await waitFor(() => this.#isUp(child), { timeoutMs: answerLimitMs, what, signal, everyMs: 100 })
    // dockerd makes its socket 0660.
    await chmod(this.paths.socket, 0o600)
    this.#pid = child.pid
    log.info('machines', 'private engine runs', { pid: child.pid, pool: network.pool })
    for (const daemon of [child, containerd]) daemon.once('exit', () => this.#onDied(child.pid, signal))
  }

  async #isUp(child: ChildProcess): Promise<boolean> {
    if (hasEnded(child)) throw new Error('dockerd ended at its start')
    return ping(this.paths.socket)
  }

  /** The dockerd of this folder that an earlier core left running, if it answers and can run containers. */
  async #findRunning(): Promise<number | undefined> {
    const own = (await listProcesses()).find(
      (p) => /(^|\/)dockerd$/.test(p.args[0] ?? '') && namesFolder(p.args, this.paths.socket),
    )
    return own && !(await this.#lacksContainerd()) && (await ping(this.paths.socket)) ? own.pid : undefined
  }

  /** Without its containerd a dockerd goes on answering, and starts nothing. */
  async #lacksContainerd(): Promise<boolean> {
    return (await listenerAt(containerdSocket(this.paths))) === 'gone'
  }

  #adopt(pid: number, signal: AbortSignal): void {
    log.info('machines', 'private engine was running already', { pid })
    this.#pid = pid
    // Not our child: the kernel does not tell us its end.
    void this.#untilDead(pid, signal).then(
      () => this.#onDied(pid, signal),
      () => undefined,
    )
  }

  /** Acting on a single look that errs would end every container; a containerd that died stays away. */
  async #untilDead(pid: number, signal: AbortSignal): Promise<void> {
    for (let lacking = 0; lacking < looks.untilDead;) {
      await pause(looks.everyMs, signal)
      if (this.#pid !== pid || !isAlive(pid)) return
      lacking = (await this.#lacksContainerd()) ? lacking + 1 : 0
    }
  }

  #onDied(pid: number | undefined, signal: AbortSignal): void {
    if (this.#phase !== 'running' || this.#pid !== pid) return
    this.#error = { code: 'engine.unreachable', message: 'The engine ended by itself', facts: {} }
    const ranMs = Date.now() - this.#sinceMs
    this.#move('die')
    log.warn('machines', 'private engine ended by itself', { pid, ranMs })
    this.#restarts = ranMs > steadyMs ? 1 : this.#restarts + 1
    if (this.#restarts > maxRestarts) return
    const waitMs = backoffMs(this.#restarts - 1, { minMs: 300, maxMs: 10_000 })
    void pause(waitMs, signal).then(
      () => this.start().catch((error: unknown) => log.warn('machines', 'restart failed', { error })),
      () => undefined,
    )
  }

  async #stop(): Promise<void> {
    if (this.#phase === 'stopped') return
    this.#move('stop')
    this.#pid = undefined
    await this.#clear()
    await removeNetwork(this.paths.network)
    this.#restarts = 0
    this.#move('down')
    log.info('machines', 'private engine stopped')
  }

  /** Asks, waits, kills; then what a dead one leaves: containerd, shims, mounts, stale files. */
  async #clear(): Promise<void> {
    const dockerd = await this.#dockerds()
    for (const pid of dockerd) tell(pid, 'SIGTERM')
    const isGone = (): boolean => !dockerd.some(isAlive)
    await waitFor(isGone, { timeoutMs: stopLimitMs, what: 'the end of dockerd' }).catch(() => {
      log.warn('machines', 'private engine did not end when asked: killed')
      for (const pid of dockerd) tell(pid, 'SIGKILL')
    })
    await endContainerd(this.paths.exec)
    await killLeftProcesses(this.paths.exec)
    await unmountBelow(this.paths.exec)
    await unmountBelow(this.paths.data)
    // dockerd refuses to start while the number in this file is in use, by whomever.
    await rm(this.paths.pid, { force: true })
    await rm(this.paths.socket, { force: true })
  }

  async #dockerds(): Promise<number[]> {
    const all = await listProcesses()
    const isOwn = (args: readonly string[]): boolean =>
      /(^|\/)dockerd$/.test(args[0] ?? '') && namesFolder(args, this.paths.exec)
    return all.filter((p) => isOwn(p.args)).map((p) => p.pid)
  }

  #makeFolders(): void {
    const { dir, data, exec, log: logFile } = this.paths
    for (const folder of [dir, exec, logFile.slice(0, logFile.lastIndexOf('/'))])
      mkdirSync(folder, { recursive: true, mode: 0o700 })
    // Containers that run as another user must be able to pass through.
    mkdirSync(data, { recursive: true, mode: 0o711 })
    const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0
    if (size > maxLogBytes) renameSync(logFile, `${logFile}.1`)
  }

  async #startError(thrown: unknown): Promise<AppError> {
    if (thrown instanceof AppError) return thrown
    const lines = await this.logLines(40)
    const said = lines.filter((line) => /fail|error|fatal|unable|denied/i.test(line)).at(-1) ?? lines.at(-1)
    const late = thrown instanceof DeadlineError ? 'deadline' : String(thrown)
    const detail = (said ?? late).slice(0, 1000)
    const facts = { stage: this.#stage, detail, log: this.paths.log }
    return new AppError('machine.start-failed', 'The private engine did not start', { facts, cause: thrown })
  }

  #enter(stage: Stage): void {
    this.#stage = stage
    log.info('machines', 'private engine starts', { stage })
    this.#changed.emit(this.state)
  }

  #move(move: Move): void {
    const next = after(this.#phase, move)
    if (next === undefined) return
    this.#phase = next
    this.#sinceMs = Date.now()
    this.#changed.emit(this.state)
  }
}

function tell(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, 'SIGCONT')
    process.kill(pid, signal)
  } catch {
    // Ended meanwhile.
  }
}
