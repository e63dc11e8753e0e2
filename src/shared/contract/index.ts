import type { Notice, Settings } from '../model'
import { agents } from './agents'
import { app } from './app'
import { containers } from './containers'
import type { ArgsOf, CallDef, CheckedArgsOf, InputOf, ItemOf, ReplyOf } from './define'
import { diagnostics } from './diagnostics'
import { engines } from './engines'
import { files } from './files'
import { host } from './host'
import { images } from './images'
import { layers } from './layers'
import { machines } from './machines'
import { remotes } from './remotes'
import { reset } from './reset'
import { terminal } from './terminal'
import { uploads, type Uploaded } from './uploads'
import { networks, volumes } from './volumes'

/** All that a client can ask of core. A feature exists when it stands here. */
export const contract = {
  ...app,
  ...engines,
  ...machines,
  ...agents,
  ...remotes,
  ...reset,
  ...host,
  ...diagnostics,
  ...containers,
  ...files,
  ...images,
  ...layers,
  ...volumes,
  ...networks,
  ...terminal,
  ...uploads,
}
export type Contract = typeof contract

export type CallName = { [N in keyof Contract]: Contract[N] extends CallDef ? N : never }[keyof Contract]
export type StreamName = Exclude<keyof Contract, CallName>

export type Args<N extends keyof Contract> = ArgsOf<Contract[N]>
export type CheckedArgs<N extends keyof Contract> = CheckedArgsOf<Contract[N]>
export type Reply<N extends CallName> = ReplyOf<Contract[N]>
export type Item<N extends StreamName> = ItemOf<Contract[N]>
export type Input<N extends StreamName> = InputOf<Contract[N]>

/** What core tells without being asked. Small; the newest of a name replaces an unsent older one. */
export interface Pushes {
  'settings.changed': Settings
  'notice.raised': Notice
  /** Another client (tray, CLI) asks the window to show a page: a path of the window's router. */
  'window.navigate': { readonly path: string }
}
export type PushName = keyof Pushes

export type CallHandler<N extends CallName> = (
  args: CheckedArgs<N>,
  signal: AbortSignal,
) => Reply<N> | Promise<Reply<N>>
export type StreamHandler<N extends StreamName> = (
  args: CheckedArgs<N>,
  /** A handler never sees a ticket: the bytes of the upload stand there. */
  context: { readonly signal: AbortSignal; readonly input: AsyncIterable<Exclude<Input<N>, Uploaded>> },
) => AsyncIterable<Item<N>>

/** One handler for each name: a name without a handler does not compile. */
export type Handlers = { [N in CallName]: CallHandler<N> } & { [N in StreamName]: StreamHandler<N> }

/** A client's view of a stream. Iterating acknowledges: the next item is asked for when the loop comes back. */
export interface ClientStream<T, In = never> extends AsyncIterable<T> {
  /** Resolves when core has room for more: awaiting it is the flow control of uploads. */
  send(input: In): Promise<void>
  cancel(): void
}

/** What every client has, whatever the transport. */
export interface Client {
  call<N extends CallName>(name: N, args: Args<N>, signal?: AbortSignal): Promise<Reply<N>>
  stream<N extends StreamName>(name: N, args: Args<N>): ClientStream<Item<N>, Input<N>>
  onPush<P extends PushName>(name: P, listener: (value: Pushes[P]) => void): () => void
  /** Called once, when the connection has ended. */
  onClose(listener: () => void): () => void
  close(): void
}
