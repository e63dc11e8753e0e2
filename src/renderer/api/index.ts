export { act } from './act'
import type { Args, CallName, ClientStream, Input, Item, Reply, StreamName } from '../../shared/contract'
import { getClient } from './connection'

export { connectionStore, getClient, reconnectNow, startConnection, takeClient } from './connection'
export type { Connection } from './connection'
export { pathOf } from './desktop'
export { afterSending, answerOf, sendFile } from './send-file'
export { useCall, type CallState } from './use-call'
export { useConnection } from './use-connection'

/** Asks core. Rejects with an AppError; `cancelled` when `signal` was the reason. */
export const call = <N extends CallName>(name: N, args: Args<N>, signal?: AbortSignal): Promise<Reply<N>> =>
  getClient().call(name, args, signal)

/** Opens a stream. Iterating it is what lets more come; leaving the loop or `cancel()` ends it. */
export const openStream = <N extends StreamName>(name: N, args: Args<N>): ClientStream<Item<N>, Input<N>> =>
  getClient().stream(name, args)
