import type { Readable } from 'node:stream'
import type { AgentClient } from '../agent/agent-client'
import type { AgentFor } from '../agent/agents'
import { pathPart, type EngineClient } from '../engine/engine'
import { canAgentRead } from './agent-log'
import type { LoggedContainer, LogQuery } from './logged-container'

/** An engine, and the agent beside it where there is one. */
export interface LogHost {
  readonly engine: EngineClient
  readonly agentFor?: AgentFor | undefined
}

export interface LogRead {
  readonly container: LoggedContainer
  readonly query: LogQuery
  readonly signal?: AbortSignal | undefined
}

/** The agent that reads this container's log, where there is one. */
export const logAgent = (
  { engine, agentFor }: LogHost,
  container: LoggedContainer,
): AgentClient | undefined => (canAgentRead(container) ? agentFor?.(engine.id, 'logs.read') : undefined)

export function openEngineLog(engine: EngineClient, read: LogRead): Promise<Readable> {
  const { container, query, signal } = read
  return engine.stream({
    path: `/containers/${pathPart(container.id)}/logs`,
    query: { stdout: 1, stderr: 1, ...query, tail: query.tail ?? 'all' },
    // Finding the end of a large rotated log takes the engine seconds.
    headTimeoutMs: 60_000,
    ...(signal && { signal }),
  })
}
