import type { CheckedArgs } from '../../../shared/contract'
import { AppError } from '../../../shared/errors'
import { readStream } from '../agent/read-stream'
import type { LogMatch, LogSearchItem } from '../../../shared/model'
import { agentSource, canAgentRead } from './agent-log'
import { lookAt } from './logged-container'
import type { LogHost } from './log-source'

/** A match as the agent tells it: places in bytes of UTF-8. */
interface AgentMatch {
  readonly line: number
  readonly timeNs: string
  readonly isStderr: boolean
  readonly text: string
  readonly start: number
  readonly end: number
  readonly hits: number
}
type AgentFound = Omit<LogSearchItem, 'matches'> & { readonly matches: readonly AgentMatch[] }

/** Searches a whole log on the agent's side. Throws `engine.unsupported` where none reads it. */
export async function* searchLog(
  { engine, agentFor }: LogHost,
  args: CheckedArgs<'containers.searchLogs'>,
  signal: AbortSignal,
): AsyncGenerator<LogSearchItem> {
  const container = await lookAt(engine, args.id, signal)
  const agent = canAgentRead(container) ? agentFor?.(engine.id, 'logs.search') : undefined
  if (!agent)
    throw new AppError('engine.unsupported', 'No agent reads this log', {
      facts: { what: 'agent', driver: container.driver },
    })
  const { pattern, isRegex, matchCase, source, limit } = args
  const asked = {
    ...agentSource(engine, container),
    ...{ pattern, isRegex, limit, ignoreCase: !matchCase },
    ...{ stdout: source !== 'stderr', stderr: source !== 'stdout' },
  }
  for await (const item of readStream(agent, { method: 'logs.search', args: asked }, signal)) {
    const found = item as AgentFound
    yield { ...found, matches: found.matches.map(matchOf) }
  }
}

function matchOf({ line, timeNs, isStderr, text, start, end, hits }: AgentMatch): LogMatch {
  const bytes = Buffer.from(text)
  const unitsTo = (at: number): number => bytes.toString('utf8', 0, at).length
  const place = { start: unitsTo(start), end: unitsTo(end) }
  return { line, time: timeText(timeNs), source: isStderr ? 'stderr' : 'stdout', text, ...place, hits }
}

/** RFC 3339 with nine digits, as the engine writes it. */
function timeText(nanos: string): string {
  const ns = BigInt(nanos)
  const seconds = new Date(Number(ns / 1_000_000_000n) * 1000).toISOString().slice(0, 19)
  return `${seconds}.${String(ns % 1_000_000_000n).padStart(9, '0')}Z`
}
