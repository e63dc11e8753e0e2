import { Duplex } from 'node:stream'
import type { Channel } from 'ssh2'

/** How a channel is tied to its link. */
export interface ChannelHold {
  /** Calls back when the link's own socket has room: what one channel pours in must not bury the others. */
  whenRoomy(go: () => void): void
  /** The channel is over, both ways. */
  onOver(): void
}

/** A few SSH packets of 32 KiB: less would stop and start the channel at each of them. */
const bufferBytes = 256 * 1024

/**
 * One SSH channel as a stream that behaves like a socket: `end()` closes our half only, the far half ends by
 * itself, a slow reader slows the far side, and what cannot be written any more fails in place of waiting.
 * ssh2's own channel forgets the callback of a write after the far side's close and knows no `destroy(error)`.
 */
export class ChannelStream extends Duplex {
  #isGone = false
  #pending: ((error?: Error | null) => void) | undefined

  constructor(
    private readonly channel: Channel,
    private readonly hold: ChannelHold,
  ) {
    super({ allowHalfOpen: true, highWaterMark: bufferBytes })
    // A lost link takes many streams with it at once: one that nobody listens to must not take core, too.
    this.on('error', () => undefined)
    channel.on('error', () => undefined)
    channel.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) channel.pause()
    })
    channel.on('end', () => this.push(null))
    channel.on('close', () => this.#gone())
    channel.pause()
  }

  override _read(): void {
    this.channel.resume()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#isGone) {
      done(brokenPipe())
      return
    }
    this.#pending = done
    this.channel.write(chunk, () =>
      this.hold.whenRoomy(() => {
        if (this.#pending !== done) return
        this.#pending = undefined
        done()
      }),
    )
  }

  override _final(done: (error?: Error | null) => void): void {
    if (!this.#isGone) this.channel.end()
    done()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#fail(error ?? brokenPipe())
    this.channel.close()
    // What is still on its way must be read by somebody, or the channel is never freed.
    this.channel.removeAllListeners('data')
    this.channel.resume()
    this.hold.onOver()
    done(error)
  }

  /** The far side closed both halves: what it sent has been read, what we still write is for nobody. */
  #gone(): void {
    this.#isGone = true
    this.hold.onOver()
    this.#fail(brokenPipe())
    this.push(null)
  }

  #fail(error: Error): void {
    const pending = this.#pending
    this.#pending = undefined
    pending?.(error)
  }
}

const brokenPipe = (): Error => Object.assign(new Error('the far side closed'), { code: 'EPIPE' })
