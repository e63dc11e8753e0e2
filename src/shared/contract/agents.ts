import * as v from 'valibot'
import type { AgentCost, AgentStates } from '../model'
import { call, stream } from './define'
import { engineId, inEngine, none } from './fields'

/** The programs of ours beside the engines. Without one everything works through the Engine API, slower. */
export const agents = {
  /** The agents of all engines that answer: at once, then at each change. */
  'agents.watch': stream(none).of<AgentStates>(),
  /** The person's word, kept for that engine: an agent is started or ended by it at once. */
  'agents.allow': call(v.object({ engine: engineId, allowed: v.boolean() })).gives<null>(),
  /** What a running agent costs. Throws `engine.unsupported` where none runs. */
  'agents.cost': call(inEngine).gives<AgentCost>(),
}
