import { Emitter } from '../std/emitter'
import { decode, frameOf } from './codec'
import type { Message, Transport } from './wire'

/** A road for frames: what a WebSocket or a socket is once its peculiarities are taken off. */
export interface FramePipe {
  write(frame: string | Uint8Array<ArrayBuffer>): void
  readonly bufferedBytes: number
  /** Ends the road after what was written has left. Calls back into `ended` of the transport. */
  close(): void
}

/**
 * A transport over frames. What arrives before somebody listens waits for the first listener: the other
 * side may speak in the same breath in which the connection opened.
 */
export class FrameTransport<Out extends Message, In extends Message> implements Transport<Out, In> {
  readonly #pipe: FramePipe
  readonly #binaryKind: 'data' | 'in'
  readonly #messages = new Emitter<In>()
  readonly #closes = new Emitter<void>()
  #early: In[] | undefined = []
  #isOpen = true

  /** `binaryKind` is what a binary frame that arrives stands for: `data` at a client, `in` at core. */
  constructor(pipe: FramePipe, binaryKind: 'data' | 'in') {
    this.#pipe = pipe
    this.#binaryKind = binaryKind
  }

  get bufferedBytes(): number {
    return this.#pipe.bufferedBytes
  }

  send(message: Out): void {
    if (this.#isOpen) this.#pipe.write(frameOf(message))
  }

  onMessage(listener: (message: In) => void): () => void {
    const forget = this.#messages.on(listener)
    const early = this.#early ?? []
    this.#early = undefined
    for (const message of early) listener(message)
    return forget
  }

  onClose(listener: () => void): () => void {
    if (this.#isOpen) return this.#closes.on(listener)
    queueMicrotask(listener)
    return () => undefined
  }

  close(): void {
    if (!this.#isOpen) return
    this.ended()
    this.#pipe.close()
  }

  /** A frame from the other side. One that is no message ends the connection. */
  arrive(frame: string | Uint8Array): void {
    if (!this.#isOpen) return
    let message: In
    try {
      message = decode(frame, this.#binaryKind) as In
    } catch {
      this.close()
      return
    }
    if (this.#early) this.#early.push(message)
    else this.#messages.emit(message)
  }

  /** The road has ended. */
  ended(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#closes.emit()
  }
}
