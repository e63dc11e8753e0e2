import type { AgentClient, AgentStream } from '../agent/agent-client'
import { AppError, isCode } from '../../../shared/errors'
import { log } from '../platform/log'
import { pause, waitFor } from '../platform/wait-for'
import type { Shell, ShellEnd, ShellListener, Size } from './session'

export interface AgentShellOptions {
  readonly agent: AgentClient
  /** The agent that runs now: another one after its road has broken. */
  readonly agentNow: () => AgentClient | undefined
  /** The agent's name of the terminal. */
  readonly session: string
}

/** A tunnel that breaks is back in seconds. An agent of our machine keeps its terminals for longer than that. */
const comeBackMs = 10_000
/** The agent's own ladder from the hangup on takes four seconds. */
const closeLimitMs = 6000

/** A shell in a container on a terminal that the agent holds. It outlives the road to the agent. */
export class AgentShell implements Shell {
  #agent: AgentClient
  #stream: AgentStream
  readonly #ended: Promise<void>
  #setEnded!: () => void
  #isOver = false
  #isKilled = false
  /** Where our copy of the output ends. */
  #place = 0
  #hold: { readonly over: Promise<void>; readonly release: () => void } | undefined
  /** What is typed waits here while the road is broken. */
  #attached: Promise<void> = Promise.resolve()
  #size: Size | undefined
  #isSizing = false

  constructor(private readonly options: AgentShellOptions) {
    this.#agent = options.agent
    this.#stream = this.#open()
    this.#ended = new Promise((resolve) => (this.#setEnded = resolve))
  }

  listen(listener: ShellListener): void {
    void this.#run(listener).then((end) => {
      this.#isOver = true
      this.resume()
      listener.onEnd(end)
      this.#setEnded()
    })
  }

  async write(bytes: Uint8Array): Promise<void> {
    try {
      await this.#attached
      if (!this.#isOver) await this.#stream.send(bytes)
    } catch {
      // The stream has ended under it, and whoever reads it is told why.
    }
  }

  resize(size: Size): void {
    this.#size = size
    if (!this.#isSizing) void this.#sendSize()
  }

  pause(): void {
    if (this.#hold) return
    let release = (): void => undefined
    const over = new Promise<void>((resolve) => (release = resolve))
    this.#hold = { over, release }
  }

  resume(): void {
    this.#hold?.release()
    this.#hold = undefined
  }

  async kill(): Promise<void> {
    this.#isKilled = true
    this.resume()
    if (this.#isOver) return
    try {
      const limit = AbortSignal.timeout(closeLimitMs)
      await this.#agent.call('terminals.close', { session: this.options.session }, limit)
    } catch (error) {
      // It is gone, and its terminals with it: or it has ended just now.
      log.debug('terminal', 'the agent did not close', { error: String(error) })
    }
    await Promise.race([this.#ended, pause(1000)])
    this.#stream.cancel()
    await this.#ended
  }

  #open(): AgentStream {
    return this.#agent.stream('terminals.attach', { session: this.options.session, from: this.#place })
  }

  async #run(listener: ShellListener): Promise<ShellEnd> {
    for (;;) {
      try {
        return await this.#read(listener)
      } catch (error) {
        if (this.#isKilled) return {}
        log.info('terminal', 'the road to a terminal broke', { error: String(error) })
        if (!isCode(error, 'engine.unreachable')) return { error: lost(error) }
        const back = this.#comeBack()
        this.#attached = back.then(() => undefined)
        if (!(await back)) return this.#isKilled ? {} : { error: lost(error) }
      }
    }
  }

  /** One attachment, to the shell's end. Throws when the road or the agent ended before it. */
  async #read(listener: ShellListener): Promise<ShellEnd> {
    for await (const item of this.#stream) {
      if (item instanceof Uint8Array) {
        this.#place += item.byteLength
        listener.onData(item)
      } else if (isBegin(item)) this.#place = item.from
      else if (isExit(item)) return { exitCode: item.exitCode }
      if (this.#hold) await this.#hold.over
    }
    throw new AppError('bug', 'The agent said nothing of the end of a terminal')
  }

  /** The agent of a machine goes on without us; one that was started anew knows nothing of this terminal. */
  async #comeBack(): Promise<boolean> {
    const before = this.#agent
    try {
      this.#agent = await waitFor(
        () => {
          if (this.#isKilled) throw new AppError('cancelled', 'Closed')
          const now = this.options.agentNow()
          return now === before ? undefined : now
        },
        { timeoutMs: comeBackMs, what: 'the agent' },
      )
      this.#stream = this.#open()
    } catch {
      return false
    }
    if (this.#size) this.resize(this.#size)
    return true
  }

  /** One at a time and always the newest: the agent answers calls side by side. */
  async #sendSize(): Promise<void> {
    this.#isSizing = true
    for (let sent: Size | undefined; sent !== this.#size && !this.#isOver;) {
      sent = this.#size
      await this.#agent
        .call('terminals.resize', { session: this.options.session, ...sent })
        .catch((error: unknown) => log.debug('terminal', 'resize refused', { error: String(error) }))
    }
    this.#isSizing = false
  }
}

const isBegin = (item: unknown): item is { readonly from: number } => hasNumber(item, 'from')
const isExit = (item: unknown): item is { readonly exitCode: number } => hasNumber(item, 'exitCode')

const hasNumber = (item: unknown, key: string): boolean =>
  typeof item === 'object' && item !== null && typeof (item as Record<string, unknown>)[key] === 'number'

const lost = (cause: unknown): AppError =>
  new AppError('terminal.agent-lost', 'The agent went away, and the terminal with it', { cause })
