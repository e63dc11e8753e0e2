/** One line of the guest's side on its console: `slipway: <mark> <uptime seconds>` or `slipway: fault <word> …`. */
export type Said =
  | { readonly kind: 'mark'; readonly mark: Mark; readonly uptimeS: number }
  | { readonly kind: 'fault'; readonly fault: Fault; readonly details: string }
  | { readonly kind: 'panic'; readonly line: string }

export const marks = ['init', 'pid1', 'sshd', 'disk', 'engine', 'down'] as const
export type Mark = (typeof marks)[number]
export const faults = ['oom', 'disk-full', 'engine-exited', 'disk-mount', 'config'] as const
export type Fault = (typeof faults)[number]

/** No honest line is longer: what is, is cut. */
const maxLineLength = 4096

/** Reads a console as it comes, in pieces that end anywhere. Foreign text passes unseen. */
export class MarkReader {
  #rest = ''

  constructor(private readonly onSaid: (said: Said) => void) {}

  push(bytes: Uint8Array): void {
    const lines = (this.#rest + Buffer.from(bytes).toString('latin1')).split(/\r?\n/)
    this.#rest = (lines.pop() ?? '').slice(-maxLineLength)
    for (const line of lines) {
      const said = readLine(line)
      if (said) this.onSaid(said)
    }
  }
}

export function readLine(line: string): Said | undefined {
  if (line.includes('Kernel panic - not syncing')) return { kind: 'panic', line: line.trim() }
  // The kernel's own words may stand before it on the same line: nobody ended them.
  const own = /slipway: ([a-z0-9]+) ([^\r\n]*)$/.exec(line)
  if (!own) return undefined
  const [, word = '', rest = ''] = own
  if (word === 'fault') {
    const [name = '', ...details] = rest.trim().split(' ')
    return isFault(name) ? { kind: 'fault', fault: name, details: details.join(' ') } : undefined
  }
  const uptimeS = Number(rest.trim())
  return isMark(word) && Number.isFinite(uptimeS) ? { kind: 'mark', mark: word, uptimeS } : undefined
}

const isMark = (word: string): word is Mark => (marks as readonly string[]).includes(word)
const isFault = (word: string): word is Fault => (faults as readonly string[]).includes(word)
