/** A string that the compiler keeps apart from other strings. The mark exists in types only. */
type Branded<Name extends string> = string & { readonly idOf: Name }

/** Names an engine in this data folder, for ever: `local`, or a random id for added ones. */
export type EngineId = Branded<'engine'>
/** The full 64-digit container id. */
export type ContainerId = Branded<'container'>
/** `sha256:` and 64 digits. */
export type ImageId = Branded<'image'>
export type NetworkId = Branded<'network'>
export type TaskId = Branded<'task'>
export type SessionId = Branded<'session'>
/** Names a machine in this data folder; its engine has the same id. */
export type MachineId = Branded<'machine'>

/** What an engine holds, by the nouns of the sidebar. */
export const kinds = ['containers', 'images', 'volumes', 'networks'] as const
export type Kind = (typeof kinds)[number]

/** One object of one engine: what nearly every call is about. `id` is an id or, for volumes, a name. */
export interface ObjectRef {
  readonly engine: EngineId
  readonly id: string
}

/** The key of a row among the rows of all engines. */
export const keyOf = (ref: ObjectRef): string => `${ref.engine}/${ref.id}`

/** The 12 digits people know: of `sha256:…` too. */
export const shortId = (id: string): string => id.replace(/^sha256:/, '').slice(0, 12)
