import { applySgr, type Style } from './sgr'

/**
 * Terminal text as a log shows it: colours are kept, every other sequence (titles, links, clipboard,
 * cursor moves) is taken out, and lone control characters become visible, so that no line can move,
 * hide or forge another. A sequence that does not end in its line is shown as text: nothing is swallowed.
 */
export interface Span {
  readonly text: string
  readonly style: Style
}

/** What would make a line unreadable for the browser itself: a span costs an element. */
const maxSpans = 1000

// C0 without tab, DEL, C1, and the characters that reorder text around them (UAX #9).
const special = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g

interface Sink {
  text(text: string): void
  sgr(params: string): void
  readonly isFull: boolean
}

/** Styled text of one line, at most `maxChars` visible characters of it. */
export function parseAnsi(raw: string, maxChars = Infinity): { spans: readonly Span[]; isCut: boolean } {
  const spans: Span[] = []
  let style: Style = {}
  let text = ''
  let left = maxChars
  const close = (): void => {
    if (text !== '') spans.push({ text, style })
    text = ''
  }
  const isCut = scan(raw, {
    text(more) {
      text += more.length > left ? more.slice(0, left) : more
      left -= more.length
    },
    sgr(params) {
      if (spans.length >= maxSpans) return
      close()
      style = applySgr(style, params)
    },
    get isFull() {
      return left < 0
    },
  })
  close()
  return { spans, isCut }
}

/** The same text without its colours: what search and copy work on. */
export function plainText(raw: string): string {
  special.lastIndex = 0
  if (!special.test(raw)) return raw
  let plain = ''
  scan(raw, { text: (more) => (plain += more), sgr: () => undefined, isFull: false })
  return plain
}

/** True when the sink was full before the end. Reads each character at most twice. */
function scan(raw: string, sink: Sink): boolean {
  const end = raw.endsWith('\r') ? raw.length - 1 : raw.length
  let at = 0
  while (at < end) {
    special.lastIndex = at
    const next = Math.min(special.exec(raw)?.index ?? end, end)
    if (next > at) sink.text(raw.slice(at, next))
    if (sink.isFull) return true
    if (next >= end) return false
    at = step(raw, next, sink)
  }
  return sink.isFull
}

function step(raw: string, at: number, sink: Sink): number {
  if (raw[at] === '\u001b') {
    const after = sequenceEnd(raw, at)
    if (after !== undefined) {
      const body = raw.slice(at + 2, after - 1)
      if (raw[at + 1] === '[' && raw[after - 1] === 'm' && /^[\d;:]*$/.test(body)) sink.sgr(body)
      return after
    }
  }
  sink.text(visible(raw.charCodeAt(at)))
  return at + 1
}

/** C0 as its control picture, all else by its code point. */
function visible(code: number): string {
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  if (code === 0x7f) return '\u2421'
  return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`
}

const strings = new Set(['P', 'X', '^', '_'])

/** Where the escape sequence that begins at `at` ends, or `undefined` when it is none. ECMA-48 5.4, 5.6. */
function sequenceEnd(raw: string, at: number): number | undefined {
  const kind = raw[at + 1]
  if (kind === undefined) return undefined
  if (kind === '[') return controlSequenceEnd(raw, at + 2)
  if (kind === ']') return stringEnd(raw, at + 2, /[\u0007\u0018\u001a\u001b\u009c]/g)
  if (strings.has(kind)) return stringEnd(raw, at + 2, /[\u0018\u001a\u001b\u009c]/g)
  const last = skip(raw, at + 1, [0x20, 0x2f])
  return isIn(raw.charCodeAt(last), [0x30, 0x7e]) ? last + 1 : undefined
}

function controlSequenceEnd(raw: string, at: number): number | undefined {
  const last = skip(raw, skip(raw, at, [0x30, 0x3f]), [0x20, 0x2f])
  return isIn(raw.charCodeAt(last), [0x40, 0x7e]) ? last + 1 : undefined
}

function stringEnd(raw: string, at: number, stop: RegExp): number | undefined {
  stop.lastIndex = at
  const found = stop.exec(raw)
  if (!found) return undefined
  if (found[0] === '\u0007' || found[0] === '\u009c') return found.index + 1
  // Aborted by CAN, SUB or another sequence: what stood in it is shown.
  return found[0] === '\u001b' && raw[found.index + 1] === '\\' ? found.index + 2 : undefined
}

type CodeRange = readonly [low: number, high: number]
const isIn = (code: number, [low, high]: CodeRange): boolean => code >= low && code <= high

function skip(raw: string, at: number, range: CodeRange): number {
  let i = at
  while (isIn(raw.charCodeAt(i), range)) i++
  return i
}

/** Marks stretches of the visible text: `ranges` is flat, start and end in turn, ascending. */
export function markSpans(
  spans: readonly Span[],
  ranges: readonly number[],
): readonly (Span & { isMatch: boolean })[] {
  const marked: (Span & { isMatch: boolean })[] = []
  let at = 0
  let r = 0
  for (const span of spans) {
    const end = at + span.text.length
    let from = at
    while (from < end) {
      while (r < ranges.length && (ranges[r + 1] as number) <= from) r += 2
      const start = ranges[r] ?? Infinity
      const isMatch = start <= from
      const to = Math.min(end, isMatch ? (ranges[r + 1] as number) : start)
      marked.push({ text: span.text.slice(from - at, to - at), style: span.style, isMatch })
      from = to
    }
    at = end
  }
  return marked
}
