/** What a person searches for. */
export interface Query {
  readonly text: string
  readonly isRegex: boolean
  readonly matchCase: boolean
}

/** A search that can be sent to a worker: a RegExp's source and flags. */
export interface Pattern {
  readonly source: string
  readonly flags: string
  /** Made by us from plain text: cannot backtrack, so it may run where the window runs. */
  readonly isLiteral: boolean
}

export type Compiled =
  | { readonly ok: true; readonly pattern: Pattern }
  /** The browser's own words, without the pattern. */
  | { readonly ok: false; readonly problem: string }

/** More marks than this in one line tell nothing more. */
const maxRangesPerLine = 200

export function compileQuery(query: Query): Compiled {
  const flags = query.matchCase ? 'gu' : 'giu'
  if (!query.isRegex)
    return { ok: true, pattern: { source: escapeRegex(query.text), flags, isLiteral: true } }
  // Unicode mode first, as it sees emoji as one; patterns that only the older mode knows still work.
  const strict = tryRegex(query.text, flags)
  if (strict === undefined) return { ok: true, pattern: { source: query.text, flags, isLiteral: false } }
  const looseFlags = flags.replace('u', '')
  const loose = tryRegex(query.text, looseFlags)
  if (loose === undefined)
    return { ok: true, pattern: { source: query.text, flags: looseFlags, isLiteral: false } }
  return { ok: false, problem: loose }
}

function tryRegex(source: string, flags: string): string | undefined {
  try {
    new RegExp(source, flags)
    return undefined
  } catch (error) {
    const words = error instanceof Error ? error.message : ''
    return words.slice(words.lastIndexOf(': ') + 1).trim() || source
  }
}

const escapeRegex = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

export const toRegex = (pattern: Pattern): RegExp => new RegExp(pattern.source, pattern.flags)

/** Indices of the texts that match. */
export function matchingIndices(pattern: Pattern, texts: readonly string[]): number[] {
  const regex = toRegex(pattern)
  const hits: number[] = []
  for (let i = 0; i < texts.length; i++) {
    regex.lastIndex = 0
    if (regex.test(texts[i] as string)) hits.push(i)
  }
  return hits
}

/** Where each text matches: flat, start and end in turn. Empty matches have nothing to mark. */
export function matchRanges(pattern: Pattern, texts: readonly string[]): number[][] {
  const regex = toRegex(pattern)
  return texts.map((text) => {
    const ranges: number[] = []
    for (const match of text.matchAll(regex)) {
      if (match[0] !== '') ranges.push(match.index, match.index + match[0].length)
      if (ranges.length >= maxRangesPerLine * 2) break
    }
    return ranges
  })
}
