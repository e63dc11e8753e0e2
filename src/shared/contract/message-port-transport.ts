import { Emitter } from '../std/emitter'
import { tooLarge } from './codec'
import {
  costOf,
  maxMessageBytes,
  type ClientMessage,
  type ClientTransport,
  type CoreMessage,
  type CoreTransport,
  type Message,
  type Transport,
} from './wire'

type Listener = (event: { data?: unknown }) => void

/** A web MessagePort: the window's, and Node's. */
interface WebPort {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void
  addEventListener(type: 'message' | 'close', listener: (event: never) => void): void
}
/** Electron's MessagePortMain, in its main and utility processes. */
interface MainPort {
  on(type: 'message', listener: (event: { data?: unknown }) => void): unknown
  on(type: 'close', listener: () => void): unknown
}
export type PortLike = (WebPort | MainPort) & {
  postMessage(message: unknown): void
  start(): void
  close(): void
}

/** The window's way to core. */
export const coreOverPort = (port: PortLike): ClientTransport =>
  new PortTransport<ClientMessage, CoreMessage>(port)
/** Core's way to a window. */
export const clientOverPort = (port: PortLike): CoreTransport =>
  new PortTransport<CoreMessage, ClientMessage>(port)

/** A port carries values as they are (bytes included) and does not tell what is still on the way. */
class PortTransport<Out extends Message, In extends Message> implements Transport<Out, In> {
  readonly bufferedBytes = 0
  readonly #port: PortLike
  readonly #messages = new Emitter<In>()
  readonly #closes = new Emitter<void>()
  #isStarted = false
  #isOpen = true

  constructor(port: PortLike) {
    this.#port = port
    listen(port, 'close', () => this.#ended())
  }

  send(message: Out): void {
    if (!this.#isOpen) return
    if (costOf(message) > maxMessageBytes) throw tooLarge()
    const own = withOwnBytes(message)
    // A copy made for the port is given away, not cloned once more; Electron's ports give away nothing.
    const port = this.#port
    if (own && 'addEventListener' in port) port.postMessage(own, [own.value.buffer])
    else port.postMessage(own ?? message)
  }

  /** The port keeps what arrives until then. Node's begins with its first listener, a browser's with `start`. */
  onMessage(listener: (message: In) => void): () => void {
    const forget = this.#messages.on(listener)
    if (!this.#isStarted) {
      this.#isStarted = true
      listen(this.#port, 'message', ({ data }) => this.#arrive(data))
      this.#port.start()
    }
    return forget
  }

  onClose(listener: () => void): () => void {
    if (this.#isOpen) return this.#closes.on(listener)
    queueMicrotask(listener)
    return () => undefined
  }

  close(): void {
    if (!this.#isOpen) return
    this.#port.close()
    this.#ended()
  }

  #arrive(data: unknown): void {
    if (!this.#isOpen) return
    if (isTooLarge(data)) this.close()
    else this.#messages.emit(data as In)
  }

  #ended(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#closes.emit()
  }
}

/**
 * A port clones the whole buffer below a view: a few bytes of a terminal would take along the 64 KiB that they
 * were read in, and whatever else stands there. `undefined` where the message needs no copy.
 */
function withOwnBytes(message: Message): (Message & { readonly value: Uint8Array<ArrayBuffer> }) | undefined {
  if (message.t !== 'data' && message.t !== 'in') return undefined
  const { value } = message
  if (!(value instanceof Uint8Array) || value.byteLength === value.buffer.byteLength) return undefined
  return { ...message, value: new Uint8Array(value) }
}

/** A value nested so deeply that it cannot be measured (or one with a cycle) is too large as well. */
function isTooLarge(data: unknown): boolean {
  try {
    return costOf(data) > maxMessageBytes
  } catch {
    return true
  }
}

function listen(port: PortLike, type: 'message' | 'close', listener: Listener): void {
  if ('addEventListener' in port) port.addEventListener(type, listener)
  else if (type === 'message') port.on(type, listener)
  else port.on(type, () => listener({}))
}
