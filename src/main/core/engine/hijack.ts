import type { IncomingMessage } from 'node:http'
import { Duplex } from 'node:stream'
import type { Hijacked } from './engine'
import type { Answer } from './exchange'

/** From API 1.42 the engine says which of the two it sends; before, the caller knows by the TTY. */
const multiplexedType = 'application/vnd.docker.multiplexed-stream'

export function hijacked(answer: Answer): Hijacked {
  const isMultiplexed = answer.response.headers['content-type'] === multiplexedType
  if (!answer.upgraded) return { stream: new BodyAndSocket(answer.response), isMultiplexed }
  const { socket, head } = answer.upgraded
  // Bytes that came in one packet with the answer's head belong to the stream.
  if (head.length > 0) socket.unshift(head)
  return { stream: socket, isMultiplexed }
}

/**
 * An engine that answers 200 in place of 101 (Podman's older ones, an upgrade-stripping proxy) sends its
 * bytes as the answer's body, and still reads ours from the connection below.
 */
class BodyAndSocket extends Duplex {
  constructor(private readonly body: IncomingMessage) {
    super({ allowHalfOpen: true })
    body.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) body.pause()
    })
    body.on('end', () => this.push(null))
    body.on('error', (error) => this.destroy(error))
    body.pause()
  }

  override _read(): void {
    this.body.resume()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.body.socket.write(chunk, done)
  }

  override _final(done: (error?: Error | null) => void): void {
    this.body.socket.end(() => done())
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.body.destroy()
    done(error)
  }
}
