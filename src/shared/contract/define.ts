import type * as v from 'valibot'

/** A question with one answer. `args` is checked at core's door. */
export interface CallDef<Schema extends v.GenericSchema = v.GenericSchema, Reply = unknown> {
  readonly kind: 'call'
  readonly args: Schema
  /** Exists in types only. */
  readonly carries?: Reply
}

/** A sequence with credit, and optionally input upwards with credit of its own. */
export interface StreamDef<
  Schema extends v.GenericSchema = v.GenericSchema,
  Item = unknown,
  Input = unknown,
> {
  readonly kind: 'stream'
  readonly args: Schema
  /** Checks what comes upwards. Absent: the stream takes no input. */
  readonly input?: v.GenericSchema
  /** Exists in types only. */
  readonly carries?: { item: Item; input: Input }
}

/** `call(schema).gives<Reply>()`: the schema is inferred, the reply is named. */
export const call = <Schema extends v.GenericSchema>(args: Schema) => ({
  gives: <Reply>(): CallDef<Schema, Reply> => ({ kind: 'call', args }),
})

export const stream = <Schema extends v.GenericSchema>(args: Schema, input?: v.GenericSchema) => ({
  of: <Item, Input = never>(): StreamDef<Schema, Item, Input> => ({
    kind: 'stream',
    args,
    ...(input && { input }),
  }),
})

export type ArgsOf<D> = D extends { readonly args: infer Schema extends v.GenericSchema }
  ? v.InferInput<Schema>
  : never
export type CheckedArgsOf<D> = D extends { readonly args: infer Schema extends v.GenericSchema }
  ? v.InferOutput<Schema>
  : never
export type ReplyOf<D> = D extends CallDef<v.GenericSchema, infer Reply> ? Reply : never
export type ItemOf<D> = D extends StreamDef<v.GenericSchema, infer Item> ? Item : never
export type InputOf<D> = D extends StreamDef<v.GenericSchema, unknown, infer Input> ? Input : never
