import { Readable } from 'node:stream'
import { AppError } from '../../../shared/errors'
import type { AgentClient, AgentStream } from '../agent/agent-client'
import { pathPart, type EngineClient } from '../engine/engine'
import type { LoggedContainer, LogQuery } from './logged-container'

/** The drivers whose files the agent reads. */
const drivers: readonly string[] = ['json-file', 'local']
/** Before this version the engine does not give back the newline of a line that the local driver keeps in pieces. */
const keepsNewlineSince = 23
/** A container may run for months: the longest that a timer of Node can wait. */
const never = 0x7fffffff

/** Why the agent's log ended before its end. The engine's own log goes on where it stopped. */
export class AgentLogFailed extends AppError {
  constructor(cause: unknown) {
    super('engine.unreachable', 'The agent gives no more of the log', { facts: { what: 'agent' }, cause })
  }
}

export const canAgentRead = (container: LoggedContainer): boolean => drivers.includes(container.driver)

/** A log as the agent finds it. Without a driver it looks which one has written. */
type NamedLog = Pick<LoggedContainer, 'id'> & Partial<Pick<LoggedContainer, 'driver' | 'isTty'>>

/** What names a log to the agent. */
export const agentSource = (engine: EngineClient, container: NamedLog) => ({
  root: engine.facts.rootDir,
  container: container.id,
  driver: container.driver ?? '',
  dropsNewline: parseInt(engine.facts.version) < keepsNewlineSince,
})

export interface AgentLogRequest {
  readonly engine: EngineClient
  readonly container: NamedLog
  readonly query: LogQuery
  readonly signal?: AbortSignal | undefined
}

/**
 * The bytes that the engine would answer with, read from the log's own files. Fails with `AgentLogFailed`; with
 * `follow` it ends when the container stops, and fails as the engine's does when the engine goes away.
 */
export function openAgentLog(agent: AgentClient, request: AgentLogRequest): Readable {
  const { engine, container, query, signal } = request
  const stream = askAgent(agent, request)
  const over = new AbortController()
  let engineLost: Error | undefined
  async function* bytes(): AsyncGenerator<Buffer> {
    try {
      for await (const piece of stream) yield piece as Buffer
    } catch (error) {
      if (signal?.aborted) throw signal.reason
      throw engineLost ?? new AgentLogFailed(error)
    } finally {
      over.abort(new AppError('cancelled', 'The log is closed'))
    }
  }
  const stop = (): void => {
    over.abort(signal?.reason)
    stream.cancel()
  }
  signal?.addEventListener('abort', stop, { once: true })
  if (query.follow)
    void untilStopped(engine, container.id, over.signal).then(
      () => stream.end(),
      (error: unknown) => {
        if (over.signal.aborted) return
        engineLost = error as Error
        stream.cancel()
      },
    )
  const log = Readable.from(bytes(), { objectMode: false })
  // A reader that goes while nothing comes: the generator would wait for the next piece first, or never began.
  log.once('close', () => {
    signal?.removeEventListener('abort', stop)
    stop()
  })
  return log
}

function askAgent(agent: AgentClient, { engine, container, query }: AgentLogRequest): AgentStream {
  const { follow, timestamps, tail } = query
  try {
    return agent.stream('logs.read', {
      ...agentSource(engine, container),
      ...{ follow, timestamps, isTty: container.isTty ?? false },
      ...(tail !== undefined && { tail }),
      ...(query.since !== undefined && { sinceNs: nanosText(query.since) }),
      ...(query.until !== undefined && { untilNs: nanosText(query.until) }),
    })
  } catch (error) {
    throw new AgentLogFailed(error)
  }
}

/** The files tell no end: the engine does, when all is written. One that was removed has stopped too. */
async function untilStopped(engine: EngineClient, id: string, signal: AbortSignal): Promise<void> {
  const path = `/containers/${pathPart(id)}/wait`
  try {
    // A stream of its own: what waits for months must not take a turn from calls that end.
    const answer = await engine.stream({ method: 'POST', path, headTimeoutMs: never, signal })
    let said = ''
    for await (const piece of answer) said += String(piece)
    if (said.trim() === '') throw new AppError('engine.unreachable', 'The engine went away')
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'object.not-found') throw error
  }
}

/** Seconds with up to nine digits of fraction, as the engine takes them, in nanoseconds. */
export function nanosText(seconds: string | number): string {
  const [whole = '0', fraction = ''] = String(seconds).split('.')
  return String(BigInt(whole) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0').slice(0, 9)))
}
