import * as v from 'valibot'

/** A line of the engine's pull and load streams (`jsonmessage` in moby). Fields that we do not read are left. */
const schema = v.object({
  id: v.optional(v.string()),
  status: v.optional(v.string()),
  stream: v.optional(v.string()),
  progressDetail: v.optional(
    v.nullable(
      v.object({
        current: v.optional(v.number()),
        total: v.optional(v.number()),
        /** Absent for bytes. */
        units: v.optional(v.string()),
      }),
    ),
  ),
})
export type StreamMessage = v.InferOutput<typeof schema>

/** `undefined` for what has another shape: a newer engine may say more than we know. */
export function readMessage(value: unknown): StreamMessage | undefined {
  const parsed = v.safeParse(schema, value)
  return parsed.success ? parsed.output : undefined
}
