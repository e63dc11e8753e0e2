import type { Handlers } from '../../../shared/contract'
import type { AgentFor } from '../agent/agents'
import type { EngineOf } from '../engine/engine'
import { LogFollower } from './log-follower'
import { searchLog } from './log-search'

export { readLogText } from './log-text'

export interface LogDeps {
  readonly engineOf: EngineOf
  readonly agentFor?: AgentFor
}

export function logHandlers({
  engineOf,
  agentFor,
}: LogDeps): Pick<Handlers, 'containers.logs' | 'containers.searchLogs'> {
  return {
    'containers.logs': (args, { signal }) =>
      // The engine is asked for anew at each try: after a reconnect it is another client.
      new LogFollower(() => ({ engine: engineOf(args.engine), agentFor }), args, signal).items(),
    'containers.searchLogs': (args, { signal }) =>
      searchLog({ engine: engineOf(args.engine), agentFor }, args, signal),
  }
}
