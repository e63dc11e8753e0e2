import type { MessagePortMain, UtilityProcess } from 'electron'
import { backoffMs } from '../../shared/std/backoff'
import { Emitter } from '../../shared/std/emitter'

/** What the shell needs of Electron here: given, so that the life of the process can be tested. */
export interface CoreForks {
  fork(): UtilityProcess
  channel(): { port1: MessagePortMain; port2: MessagePortMain }
  after(ms: number, run: () => void): void
}

/** A core that lives this long is well: the next crash is a new story, not a loop. */
const healthyMs = 30_000
/** How often it is looked whether a core that ends is late. */
const lookMs = 5000

export interface StopLimits {
  /** How long core may take in all. */
  readonly graceMs: number
  /** How long it may send no sign of life meanwhile. */
  readonly silentMs: number
}

/**
 * Core in its own process, so that no log flood or cipher stalls a window. A crash starts it again with
 * growing pauses; who holds a port sees it close and asks for a new one.
 */
export class CoreProcess {
  readonly #started = new Emitter<void>()
  #process: UtilityProcess | undefined
  #isStopping = false
  #crashes = 0

  constructor(private readonly forks: CoreForks) {}

  /** Called each time a core process runs (again). */
  onStarted(listener: () => void): () => void {
    return this.#started.on(listener)
  }

  start(): void {
    const child = this.forks.fork()
    this.#process = child
    const startedMs = Date.now()
    child.once('exit', () => {
      if (this.#process !== child) return
      this.#process = undefined
      if (this.#isStopping) return
      this.#crashes = Date.now() - startedMs > healthyMs ? 0 : this.#crashes + 1
      this.forks.after(backoffMs(this.#crashes, { minMs: 250, maxMs: 15_000 }), () => {
        if (!this.#isStopping) this.start()
      })
    })
    this.#started.emit()
  }

  /** A new connection to core: one end goes to core, the other is yours to give away. */
  connect(): MessagePortMain | undefined {
    if (!this.#process) return undefined
    const { port1, port2 } = this.forks.channel()
    this.#process.postMessage({ kind: 'client' }, [port1])
    return port2
  }

  /** Asks core to end and waits for it, within limits. Resolves when it is gone. */
  async stop(limits: StopLimits): Promise<void> {
    this.#isStopping = true
    const child = this.#process
    if (!child) return
    await new Promise<void>((resolve) => {
      child.once('exit', () => resolve())
      child.postMessage({ kind: 'stop' })
      this.#killLate(child, limits)
    })
  }

  /** Ends core at once, whatever it is doing. */
  kill(): void {
    this.#process?.kill()
  }

  /**
   * Counts looks and reads no clock: a computer that was asleep has been silent too. Electron sends SIGTERM, for which
   * core has no handler, and SIGKILL soon after.
   */
  #killLate(child: UtilityProcess, { graceMs, silentMs }: StopLimits): void {
    let passedMs = 0
    let quietMs = 0
    child.on('message', () => (quietMs = 0))
    const look = (): void => {
      if (this.#process !== child) return
      passedMs += lookMs
      quietMs += lookMs
      if (passedMs >= graceMs || quietMs >= silentMs) child.kill()
      else this.forks.after(lookMs, look)
    }
    this.forks.after(lookMs, look)
  }
}
