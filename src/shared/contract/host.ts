import * as v from 'valibot'
import type { DiskItem, HostReading, ListeningPorts } from '../model'
import { call, stream } from './define'
import { count, engineId, inEngine } from './fields'

/** The host that an engine runs on. All but `host.disk` throw `engine.unsupported` where no agent serves it. */
export const host = {
  /** Every two seconds, while it is read. */
  'host.watch': stream(inEngine).of<HostReading>(),
  /** What takes the space: the last report of these minutes at once, else measured now. `isFresh`: always now. */
  'host.disk': stream(v.object({ engine: engineId, isFresh: v.optional(v.boolean(), false) })).of<DiskItem>(),
  'host.ports': call(inEngine).gives<ListeningPorts>(),
  /**
   * The last lines of the engine's own log. `engine.unsupported` with the fact `unit`: it is in the journal of
   * the host's service manager, under that name.
   */
  'host.log': call(v.object({ engine: engineId, lines: v.optional(count(2000), 500) })).gives<{
    lines: readonly string[]
  }>(),
}
