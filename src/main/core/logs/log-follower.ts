import type { Readable } from 'node:stream'
import { backoffMs } from '../../../shared/std/backoff'
import { isCode, toWire } from '../../../shared/errors'
import type { LogItem } from '../../../shared/model'
import { Demuxer } from '../engine/demux'
import { isAway } from '../engine/is-away'
import { log } from '../platform/log'
import { pause } from '../platform/wait-for'
import { AgentLogFailed, canAgentRead, openAgentLog } from './agent-log'
import { LogAssembler } from './log-assembler'
import { LogBatchBuilder } from './log-batch'
import { joined } from './joined'
import { lookAt, type LoggedContainer, type LogQuery } from './logged-container'
import { logAgent, openEngineLog, type LogHost } from './log-source'
import { ResumePoint, sinceText } from './resume-point'

export interface LogRequest {
  readonly id: string
  readonly follow: boolean
  /** Whether the items carry times; the engine is always asked for them. */
  readonly timestamps: boolean
  readonly tail?: number | undefined
  readonly since?: number | undefined
  readonly until?: number | undefined
}

const wholeId = /^[0-9a-f]{64}$/
/** For so long after a container's end its last lines may still be on their way to the log. */
const settleMs = 5_000
const maxRefusals = 5
/** Between the two runs of a restart the engine takes about 300 ms. */
const restartMs = 1_000
const restartLookMs = 250
const retry = { minMs: 100, maxMs: 2_000 }

/**
 * One container's log as a stream of items. Outlives the engine: when it goes away the log says `break`,
 * and follows on where it was as soon as the engine is there again, with no line lost or doubled.
 */
export class LogFollower {
  readonly #point = new ResumePoint()
  readonly #batch: LogBatchBuilder
  readonly #assembler: LogAssembler
  /** With `tail: 0` the last line before is asked for as an anchor, and not shown. */
  #hidden: number
  /** Tries since the last line. */
  #attempt = 0
  #wasOpen = false
  /** What was read last broke off: that nothing came does not say that nothing was there. */
  #wasCut = false
  /** When it was last read: the log of what had ended before has no restart to wait for. */
  #wasRunning = false
  /** An agent that failed once is not asked again by who follows: the engine's own log loses nothing. */
  #isAgentWanted = true
  /** What was read was asked of the agent, to the end that the log had then. */
  #isAgentsWhole = false
  /** What the agent reads while the engine still tells what container this is. */
  #ahead: Readable | undefined
  /** What was read last had been begun so. */
  #isAhead = false

  constructor(
    private readonly host: () => LogHost,
    private readonly request: LogRequest,
    private readonly signal: AbortSignal,
  ) {
    this.#batch = new LogBatchBuilder(request.timestamps)
    this.#hidden = request.tail === 0 && request.follow ? 1 : 0
    this.#assembler = new LogAssembler((line) => {
      if (!this.#point.take(line.time)) return
      if (this.#hidden > 0) this.#hidden--
      else this.#batch.add(line)
    })
  }

  async *items(): AsyncGenerator<LogItem> {
    let container = await this.#firstLook()
    for (;;) {
      let failure: unknown
      try {
        yield* this.#read(container)
      } catch (error) {
        if (!this.#canWait(error)) throw error
        failure = error
      }
      const rest = this.#batch.take()
      if (rest) yield rest
      // The agent tells an end from a break. The engine's log may end because the engine was killed: it is asked.
      if (failure === undefined && this.#isAgentsWhole) return yield* this.#finish(container)
      const next = yield* this.#after(failure)
      if (!next) return
      container = next
    }
  }

  /** The first answer, and refusals that repeat, are for the person; all else is a fault that passes. */
  #canWait(error: unknown): boolean {
    if (error instanceof AgentLogFailed) return true
    if (this.signal.aborted || !wasLost(error)) return false
    const isRefusal = isCode(error, 'engine.failed', 'engine.bad-answer')
    return !isRefusal || (this.#wasOpen && this.#attempt < maxRefusals)
  }

  async *#read(container: LoggedContainer): AsyncGenerator<LogItem> {
    const query = this.#wasOpen ? this.#nextQuery(container) : this.#firstQuery()
    this.#wasRunning = container.isRunning
    const { engine, agentFor } = this.host()
    const read = { container, query, signal: this.signal }
    const ahead = this.#takeAhead(container)
    this.#isAhead = ahead !== undefined
    const agent = !ahead && this.#isAgentWanted ? logAgent({ engine, agentFor }, container) : undefined
    const agents = agent ? openAgentLog(agent, { engine, ...read }) : ahead
    const stream = agents ?? (await openEngineLog(engine, read))
    this.#isAgentsWhole = agents !== undefined && !this.request.follow
    this.#wasOpen = true
    const demuxer = new Demuxer((piece) => this.#assembler.pushPiece(piece))
    const push = (chunk: Buffer): void =>
      container.isTty ? this.#assembler.pushRaw(chunk) : demuxer.push(chunk)
    for await (const item of joined(stream, push, this.#batch)) {
      this.#attempt = 0
      yield item
    }
  }

  /** May fail as any call does: it tells the person at once what is wrong. The agent reads on meanwhile. */
  async #firstLook(): Promise<LoggedContainer> {
    const { engine, agentFor } = this.host()
    const { id } = this.request
    const looking = lookAt(engine, id, this.signal)
    // It knows containers by their whole ids alone, finds the driver by itself, and takes it for no TTY.
    const agent = wholeId.test(id) ? agentFor?.(engine.id, 'logs.read') : undefined
    const asked = { engine, container: { id }, query: this.#firstQuery(), signal: this.signal }
    try {
      if (agent) this.#ahead = openAgentLog(agent, asked)
    } catch (error) {
      log.debug('logs', 'the agent has just gone', { error })
    }
    try {
      return await looking
    } catch (error) {
      this.#ahead?.destroy()
      throw error
    }
  }

  /** What is read ahead, where it is what this container's log is read as, and was not begun before its end. */
  #takeAhead(container: LoggedContainer): Readable | undefined {
    const ahead = this.#ahead
    this.#ahead = undefined
    const { endedAtMs = 0 } = container
    const isSettled = Math.abs(Date.now() - endedAtMs) > settleMs
    if (canAgentRead(container) && !container.isTty && isSettled) return ahead
    ahead?.destroy()
    return undefined
  }

  #firstQuery(): LogQuery {
    const { follow, tail, since, until } = this.request
    return { follow, timestamps: true, tail: this.#hidden > 0 ? 1 : tail, since, until }
  }

  /** From the last line on; while none came, as at first, or all of a log that was seen to be empty. */
  #nextQuery(container: LoggedContainer): LogQuery {
    const { since, until } = this.request
    const follow = this.request.follow && container.isRunning
    if (this.#point.isEmpty && this.#wasCut && this.#hidden === 0) return { ...this.#firstQuery(), follow }
    const from = this.#point.resume()
    this.#hidden = 0
    return { follow, timestamps: true, since: from === undefined ? since : sinceText(from), until }
  }

  /**
   * The stream ended: asks the engine why, as a killed one ends it as cleanly as a finished container
   * does. Answers the container to read on from, or nothing when all is said.
   */
  async *#after(failure: unknown): AsyncGenerator<LogItem, LoggedContainer | undefined> {
    const isAgents = failure instanceof AgentLogFailed
    let lost = failure !== undefined && !isAgents
    if (isAgents) this.#leaveAgent(failure)
    if (lost) yield { kind: 'break', error: toWire(failure) }
    for (;;) {
      try {
        const found = await this.#lookAgain()
        if (isAgents && !lost) return found
        return yield* this.#decide(found, lost)
      } catch (error) {
        if (isCode(error, 'object.not-found')) return yield* this.#finish({})
        if (this.signal.aborted || !wasLost(error)) throw error
        if (!lost) yield { kind: 'break', error: toWire(error) }
        lost = true
        await pause(backoffMs(this.#attempt++, retry), this.signal)
      }
    }
  }

  /** The engine's own log goes on after the last whole line; nobody who reads it notices. */
  #leaveAgent(failure: AgentLogFailed): void {
    log.debug('logs', 'the engine goes on where the agent ended', { error: failure.cause })
    // An older agent wants to be told the driver.
    this.#isAgentWanted = this.#isAhead && isCode(failure.cause, 'engine.unsupported')
    this.#assembler.drop()
    // Nothing came, not even by the engine: the first question is still open.
    if (this.#point.isEmpty) this.#wasOpen = false
  }

  /** A restart stops and starts: one that is between its two runs has not ended for who follows it. */
  async #lookAgain(): Promise<LoggedContainer> {
    for (let waitedMs = 0; ; waitedMs += restartLookMs) {
      const found = await lookAt(this.host().engine, this.request.id, this.signal)
      const isOver = found.isRunning || found.exitCode === undefined || !this.request.follow
      if (isOver || !this.#wasRunning || waitedMs >= restartMs) return found
      await pause(restartLookMs, this.signal)
    }
  }

  async *#decide(
    found: LoggedContainer,
    lost: boolean,
  ): AsyncGenerator<LogItem, LoggedContainer | undefined> {
    if (!lost && !this.#goesOn(found)) {
      if (this.request.follow && this.#wasRunning) yield* this.#readRest(found)
      return yield* this.#finish(found)
    }
    this.#assembler.drop()
    this.#wasCut = lost
    // Not lost, so restarted or about to be: the old run's stream has ended, the new one's begins.
    if (!lost || this.#attempt++ > 0) await pause(backoffMs(this.#attempt++, retry), this.signal)
    if (lost) yield { kind: 'resumed' }
    return found
  }

  /**
   * A container's end may come before its last lines are where they are read: once more from the last whole one on.
   * What had begun then comes again, unless the container has gone with its log.
   */
  async *#readRest(ended: LoggedContainer, begun = this.#assembler.setAside()): AsyncGenerator<LogItem> {
    // Nothing came at all: the first question is still open.
    if (this.#point.isEmpty && this.#hidden === 0) this.#wasOpen = false
    try {
      yield* this.#read(ended)
    } catch (error) {
      if (error instanceof AgentLogFailed) {
        this.#leaveAgent(error)
        yield* this.#readRest(ended, begun)
      } else if (isCode(error, 'object.not-found')) this.#assembler.putBack(begun)
      else throw error
    }
  }

  #goesOn(found: LoggedContainer): boolean {
    const isPast = this.request.until !== undefined && this.request.until * 1000 < Date.now()
    return this.request.follow && found.isRunning && !isPast
  }

  *#finish(found: Pick<LoggedContainer, 'exitCode'>): Generator<LogItem, undefined> {
    this.#assembler.end()
    const last = this.#batch.take()
    if (last) yield last
    yield { kind: 'ended', ...(found.exitCode !== undefined && { exitCode: found.exitCode }) }
    return undefined
  }
}

/** The engine is away, or its answer was cut: worth waiting for. */
const wasLost = (error: unknown): boolean =>
  isAway(error) || isCode(error, 'engine.bad-answer', 'engine.failed')
