import { TerminalModes } from './terminal-modes'

const blockBytes = 64 * 1024
/** How far a replay looks for the start of a line: longer lines begin in the middle. */
const lineSearchBytes = 64 * 1024
const newline = 0x0a
/** CAN ends a sequence that was cut; DECSTR forgets colours, margins and character sets. */
const softReset = '\u0018\u001b[!p'

interface Block {
  readonly bytes: Buffer
  used: number
}

/**
 * The last bytes of a terminal by their place in the whole output, counted from 0. Readers keep a place of
 * their own, so any number of them read at any pace from one copy.
 */
export class ReplayRing {
  #blocks: Block[] = []
  #start = 0
  #end = 0
  readonly #forgotten = new TerminalModes()

  constructor(private readonly capacity = 2 * 1024 * 1024) {}

  /** The place of the oldest byte that is kept. */
  get start(): number {
    return this.#start
  }

  /** The place that the next byte will have. */
  get end(): number {
    return this.#end
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const block = this.#tail()
      const taken = Math.min(blockBytes - block.used, bytes.length - at)
      block.bytes.set(bytes.subarray(at, at + taken), block.used)
      block.used += taken
      at += taken
      this.#end += taken
      if (this.#end - this.#start > this.capacity) this.#forget()
    }
  }

  /** A copy of up to `max` bytes from `place`. Empty at the end. */
  read(place: number, max: number): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(Math.max(0, Math.min(max, this.#end - place)))
    let at = place - this.#start
    let filled = 0
    for (const block of this.#blocks) {
      if (filled === out.length) break
      if (at < block.used) {
        const part = block.bytes.subarray(at, Math.min(block.used, at + out.length - filled))
        out.set(part, filled)
        filled += part.length
        at = 0
      } else at -= block.used
    }
    return out
  }

  /**
   * Where a fresh terminal begins to read, and what must be written into it before: after bytes were
   * forgotten it begins at a line's start, reset, in the modes that the forgotten bytes had set.
   */
  replay(): { readonly from: number; readonly before: Uint8Array } {
    if (this.#start === 0) return { from: 0, before: new Uint8Array() }
    const head = this.read(this.#start, lineSearchBytes)
    const line = head.indexOf(newline)
    const skip = line >= 0 ? line + 1 : textStart(head)
    const modes = new TerminalModes(this.#forgotten)
    modes.feed(head.subarray(0, skip))
    return { from: this.#start + skip, before: new TextEncoder().encode(softReset + modes.restore()) }
  }

  #tail(): Block {
    const last = this.#blocks.at(-1)
    if (last && last.used < blockBytes) return last
    const block = { bytes: Buffer.alloc(blockBytes), used: 0 }
    this.#blocks.push(block)
    return block
  }

  #forget(): void {
    const oldest = this.#blocks.shift()
    if (!oldest) return
    this.#forgotten.feed(oldest.bytes.subarray(0, oldest.used))
    this.#start += oldest.used
  }
}

/** Past the rest of a UTF-8 character that was cut. */
function textStart(bytes: Uint8Array): number {
  let at = 0
  while (at < 3 && at < bytes.length && ((bytes[at] as number) & 0xc0) === 0x80) at++
  return at
}
