import type { Duplex } from 'node:stream'
import { AppError, isCode } from '../../../shared/errors'
import type { EngineClient } from '../engine/engine'
import { log } from '../platform/log'
import { pause, waitFor } from '../platform/wait-for'
import { execState } from './exec'
import { signalShell } from './exec-hangup'
import { execRefusal } from './find-shells'
import { ExecSize } from './exec-size'
import type { Shell, ShellEnd, ShellListener, Size } from './session'
import { writeDrained } from './write-drained'

export interface ContainerShellOptions {
  readonly engine: EngineClient
  readonly container: string
  readonly exec: string
  readonly stream: Duplex
  readonly shell: string
  readonly user: string
  readonly marker: string
  readonly size: Size
}

/** A hung-up shell writes its history first. */
const hangUpLimitMs = 2000
const hangUpTries = 4
const betweenTriesMs = 150
const endLimitMs = 3000
/** Longer than any sentence in which an engine refuses an exec. */
const refusalBytes = 2000

/** A shell in a container: a hijacked exec on a terminal. */
export class ContainerShell implements Shell {
  readonly #options: ContainerShellOptions
  readonly #size: ExecSize
  readonly #ended: Promise<void>
  #setEnded!: () => void
  #isOver = false
  #isKilled = false
  #head = Buffer.alloc(0)
  #listener: ShellListener | undefined

  constructor(options: ContainerShellOptions) {
    this.#options = options
    this.#ended = new Promise((resolve) => (this.#setEnded = resolve))
    this.#size = new ExecSize(options.engine, options.exec)
    // Until somebody listens a break is nobody's error; it is found by `listen`.
    options.stream.on('error', () => undefined)
  }

  listen(listener: ShellListener): void {
    this.#listener = listener
    const { stream, size } = this.#options
    stream.on('data', (bytes: Buffer) => {
      if (this.#head.length < refusalBytes)
        this.#head = Buffer.concat([this.#head, bytes]).subarray(0, refusalBytes)
      listener.onData(bytes)
    })
    // A killed engine ends the stream cleanly, a broken road with an error: what is true is asked for.
    const over = (): void => void this.#end()
    stream.on('end', over)
    stream.on('error', over)
    stream.on('close', over)
    if (stream.destroyed) over()
    // Only now: before the start's answer the engine cannot resize, and fails after a long wait.
    this.#size.set(size)
  }

  write(bytes: Uint8Array): Promise<void> {
    return writeDrained(this.#options.stream, bytes)
  }

  resize(size: Size): void {
    this.#size.set(size)
  }

  pause(): void {
    this.#options.stream.pause()
  }

  resume(): void {
    this.#options.stream.resume()
  }

  /** Hangup, kill, then a farewell for shells in containers without `sh`; at last the connection goes. */
  async kill(): Promise<void> {
    this.#isKilled = true
    this.#options.stream.resume()
    // The engine answers a start before the program runs: a terminal closed at once needs a second try.
    for (let n = 0; n < hangUpTries && !(await this.#signal('HUP')); n++)
      await this.#endsWithin(betweenTriesMs)
    if (!(await this.#endsWithin(hangUpLimitMs))) {
      await this.#signal('KILL')
      if (!(await this.#endsWithin(1000))) {
        await Promise.race([this.write(Buffer.from('\u0003\u0004')), pause(500)])
        await this.#endsWithin(1000)
      }
    }
    if (!this.#isOver)
      log.warn('terminal', 'a shell outlived its terminal', { container: this.#options.container })
    this.#options.stream.destroy()
    await this.#ended
  }

  async #signal(signal: 'HUP' | 'KILL'): Promise<boolean> {
    const { engine, container, user, marker } = this.#options
    if (this.#isOver) return true
    try {
      return await signalShell(
        engine,
        { container, user, marker, signal },
        AbortSignal.timeout(hangUpLimitMs),
      )
    } catch (error) {
      // No shell to send it, or no engine: the ladder's next step will do.
      log.debug('terminal', 'hangup failed', { container, error: String(error) })
      return true
    }
  }

  async #endsWithin(ms: number): Promise<boolean> {
    await Promise.race([this.#ended, pause(ms)])
    return this.#isOver
  }

  async #end(): Promise<void> {
    if (this.#isOver) return
    this.#isOver = true
    this.#size.close()
    const end = await this.#reason()
    this.#options.stream.destroy()
    this.#listener?.onEnd(end)
    this.#setEnded()
  }

  async #reason(): Promise<ShellEnd> {
    const { engine, exec, shell, user } = this.#options
    try {
      const { exitCode } = await waitFor(
        async () => {
          const state = await execState(engine, exec)
          return !state.isRunning && state
        },
        { timeoutMs: this.#isKilled ? 500 : endLimitMs, what: 'the end of a shell' },
      )
      const cannotStart = exitCode === 126 || exitCode === 127
      const refusal = cannotStart ? execRefusal(this.#head.toString('utf8'), { shell, user }) : undefined
      if (refusal) return { ...(exitCode !== undefined && { exitCode }), error: refusal }
      return exitCode === undefined ? {} : { exitCode }
    } catch (cause) {
      return this.#isKilled ? {} : { error: engineLost(cause) }
    }
  }
}

/** The shell did not end, its engine did: it is silent, restarted (and knows the exec no more), or we lost the road. */
function engineLost(cause: unknown): AppError {
  if (isCode(cause, 'engine.socket-missing', 'engine.forbidden', 'engine.not-responding')) return cause
  return new AppError('engine.unreachable', 'The engine went away under the terminal', { cause })
}
