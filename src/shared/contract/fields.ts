import * as v from 'valibot'
import type { EngineId, SessionId, TaskId } from '../model/ids'

/** Argument shapes that many calls share. Branded on the way out, so handlers cannot mix ids up. */
export const none = v.optional(v.object({}), {})
export const text = (max = 4096) => v.pipe(v.string(), v.maxLength(max))
export const word = (max = 4096) => v.pipe(v.string(), v.minLength(1), v.maxLength(max))

const asId = <Id>(max: number) =>
  v.pipe(
    v.string(),
    v.minLength(1),
    v.maxLength(max),
    v.transform((id) => id as Id),
  )

export const engineId = asId<EngineId>(64)
export const taskId = asId<TaskId>(64)
export const sessionId = asId<SessionId>(64)
/** An engine's id or name for an object. No slash beginning, no control characters: it becomes part of a URL path. */
export const objectId = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(1024),
  v.regex(/^[^\u0000-\u001f\u007f]+$/),
)

export const ref = v.object({ engine: engineId, id: objectId })
export const inEngine = v.object({ engine: engineId })
export const count = (max = Number.MAX_SAFE_INTEGER) =>
  v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(max))
export const cells = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2000))
export const bytes = v.instance(Uint8Array)
export const pairs = v.pipe(
  v.record(text(1024), text(65_536)),
  v.check((r) => Object.keys(r).length <= 1000),
)
