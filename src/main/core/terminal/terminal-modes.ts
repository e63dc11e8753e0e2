/**
 * The DEC private modes that decide how later bytes are drawn or answered: cursor keys, wrap, cursor,
 * mouse reports, alternate screen, bracketed paste. (xterm's ctlseqs, "DEC Private Mode Set".)
 */
const kept = new Set([1, 7, 25, 47, 1000, 1002, 1003, 1004, 1006, 1015, 1047, 1049, 2004])
const setMode = /^\u001b\[\?([0-9;]{1,32})([hl])/
const maybeCut = /^\u001b(?:\[(?:\?[0-9;]{0,32})?)?$/
const lookAhead = 40
const escape = 0x1b

/** Remembers which modes forgotten bytes had set, so that a replay without them draws on the right screen. */
export class TerminalModes {
  readonly #modes: Map<number, 'h' | 'l'>
  #carry = Buffer.alloc(0)

  constructor(from?: TerminalModes) {
    this.#modes = new Map(from ? from.#modes : [])
    if (from) this.#carry = from.#carry
  }

  /** Bytes in the order in which they were written. A sequence may be cut between two feeds. */
  feed(bytes: Uint8Array): void {
    const data = this.#carry.length > 0 ? Buffer.concat([this.#carry, bytes]) : asBuffer(bytes)
    this.#carry = Buffer.alloc(0)
    for (let at = data.indexOf(escape); at >= 0; at = data.indexOf(escape, at + 1)) {
      const text = data.toString('latin1', at, at + lookAhead)
      const found = setMode.exec(text)
      if (found) this.#apply(found[1] as string, found[2] as 'h' | 'l')
      else if (text.startsWith('\u001bc')) this.#modes.clear()
      else if (at + text.length === data.length && maybeCut.test(text))
        this.#carry = Buffer.from(data.subarray(at))
    }
  }

  /** What sets them again in a fresh terminal. The alternate screen first: switching clears the rest. */
  restore(): string {
    const modes = [...this.#modes].sort(([a], [b]) => b - a)
    return modes.map(([mode, to]) => `\u001b[?${mode}${to}`).join('')
  }

  #apply(list: string, to: 'h' | 'l'): void {
    for (const mode of list.split(';').map(Number)) if (kept.has(mode)) this.#modes.set(mode, to)
  }
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
