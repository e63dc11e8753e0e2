import type { Handlers } from '../../../shared/contract'
import type { EngineOf } from '../engine/engine'
import { LogFollower } from './log-follower'

export { readLogText } from './log-source'

export function logHandlers(deps: { readonly engineOf: EngineOf }): Pick<Handlers, 'containers.logs'> {
  return {
    'containers.logs': (args, { signal }) =>
      // The engine is asked for anew at each try: after a reconnect it is another client.
      new LogFollower(() => deps.engineOf(args.engine), args, signal).items(),
  }
}
