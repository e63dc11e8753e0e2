import { createStore } from 'zustand/vanilla'
import type { Client, PushName, Pushes } from '../../shared/contract'
import { AppError } from '../../shared/errors'
import { backoffMs } from '../../shared/std/backoff'
import { Emitter } from '../../shared/std/emitter'

/** How the window stands to core. */
export type Connection =
  | { readonly state: 'connecting' }
  | { readonly state: 'connected' }
  /** It went away, or never answered; tried again by itself at `nextTryMs` (epoch). */
  | { readonly state: 'gone'; readonly attempt: number; readonly nextTryMs: number }
  /** Core does not take our token: trying again is of no use, a new address is needed. */
  | { readonly state: 'refused' }

/** Makes one connection. Rejects with `facts.isRefused` where core refused the token. */
export type Connect = () => Promise<Client>

export const connectionStore = createStore<Connection>(() => ({ state: 'connecting' }))

const retry = { minMs: 250, maxMs: 5000 }

let current: Client | undefined
let connect: Connect | undefined
let timer: ReturnType<typeof setTimeout> | undefined
const closed = new Emitter<void>()
const pushes = new Map<PushName, Emitter<unknown>>()

/** Starts connecting and stays at it for the window's life. */
export function startConnection(how: Connect): void {
  connect = how
  attemptNow(0)
}

/** At once instead of at the next try: after a person pressed the button. */
export function reconnectNow(): void {
  if (connectionStore.getState().state === 'connected') return
  clearTimeout(timer)
  attemptNow(0)
}

function attemptNow(attempt: number): void {
  if (!connect) return
  if (attempt === 0) connectionStore.setState({ state: 'connecting' }, true)
  connect().then(takeClient, (error: unknown) => {
    if (isRefused(error)) connectionStore.setState({ state: 'refused' }, true)
    else retryLater(attempt + 1)
  })
}

function retryLater(attempt: number): void {
  const waitMs = backoffMs(attempt, retry)
  connectionStore.setState({ state: 'gone', attempt, nextTryMs: Date.now() + waitMs }, true)
  timer = setTimeout(() => attemptNow(attempt), waitMs)
}

/** Takes a client into use: a fresh connection, or a fake one in tests. */
export function takeClient(client: Client): void {
  current = client
  for (const name of pushes.keys()) forward(client, name)
  client.onClose(() => {
    if (current !== client) return
    current = undefined
    closed.emit()
    if (connect) retryLater(0)
  })
  connectionStore.setState({ state: 'connected' }, true)
}

function forward<P extends PushName>(client: Client, name: P): void {
  client.onPush(name, (value) => {
    if (current === client) pushes.get(name)?.emit(value)
  })
}

const isRefused = (error: unknown): boolean => error instanceof AppError && error.facts['isRefused'] === true

const gone = (): AppError => new AppError('core.gone', 'The connection to core has ended')

/** Lives as long as the window: behind it the connection may be a new one. */
const steady: Client = {
  call: (name, args, signal) => (current ? current.call(name, args, signal) : Promise.reject(gone())),
  stream: (name, args) => {
    if (!current) throw gone()
    return current.stream(name, args)
  },
  onPush: (name, listener) => {
    const known = pushes.get(name)
    const emitter = known ?? new Emitter<unknown>()
    if (!known) {
      pushes.set(name, emitter)
      if (current) forward(current, name)
    }
    // A name's emitter carries that name's values only: `forward` is its one source.
    return emitter.on((value) => listener(value as Pushes[typeof name]))
  },
  onClose: (listener) => closed.on(listener),
  close: () => current?.close(),
}

/** Core, whatever carries the words. Calls reject and streams throw `core.gone` while it is away. */
export const getClient = (): Client => steady
