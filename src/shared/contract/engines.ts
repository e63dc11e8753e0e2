import * as v from 'valibot'
import type { EngineId, InventoryItem, Json } from '../model'
import { addedEngineSchema } from '../model/settings'
import { call, stream } from './define'
import { inEngine } from './fields'

const address = addedEngineSchema.entries.address

export const engines = {
  /**
   * Everything that all engines hold: a snapshot, then what changes. `isQuiet`: told of all that engines say,
   * but they are not asked every second whether they still live, as for a person who looks.
   */
  'inventory.watch': stream(v.object({ isQuiet: v.optional(v.boolean()) })).of<InventoryItem>(),
  'engines.add': call(v.object({ name: addedEngineSchema.entries.name, address })).gives<{
    engine: EngineId
  }>(),
  /** Forgets an added engine. Nothing on the engine changes. */
  'engines.remove': call(inEngine).gives<null>(),
  /** Asks the address who it is, without adding it. `banner`: what its host shows before a login over SSH, as lines. */
  'engines.test': call(v.object({ address })).gives<{
    version: string
    apiVersion: string
    name: string
    banner?: string
  }>(),
  /** For the engine that core runs itself; others refuse with `machine.not-ours`. */
  'engines.start': call(inEngine).gives<null>(),
  'engines.stop': call(inEngine).gives<null>(),
  'engines.restart': call(inEngine).gives<null>(),
  /**
   * Goes all roads again, at once: after the person mended something. With an engine: asks that one alone, and for
   * its lists that were refused.
   */
  'engines.retry': call(v.partial(inEngine)).gives<null>(),
  /** `GET /info`, raw. */
  'engines.info': call(inEngine).gives<Json>(),
  /** The last lines of the private engine's own log. */
  'engines.log': call(inEngine).gives<{ lines: string[] }>(),
}
