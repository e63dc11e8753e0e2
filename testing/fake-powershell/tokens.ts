/** The words of the small part of PowerShell that Slipway's scripts are written in. */
export type Token =
  | { readonly kind: 'word' | 'text' | 'variable' | 'parameter' | 'number'; readonly text: string }
  | { readonly kind: 'sign'; readonly text: string }
  | { readonly kind: 'end' }

export class ParseError extends Error {}

const patterns: readonly [Token['kind'] | 'space', RegExp][] = [
  ['space', /[ \t]+/y],
  ['end', /[\r\n;]+\s*/y],
  ['text', /'(?:[^']|'')*'/y],
  ['variable', /\$(?:true|false|null|[A-Za-z_][A-Za-z0-9_]*)/y],
  ['number', /\d+/y],
  ['sign', /@\{|@\(|::|[{}()|=,.[\]+]/y],
  ['parameter', /-[A-Za-z]+/y],
  ['word', /[A-Za-z][A-Za-z0-9-]*/y],
]

/** Throws `ParseError` at what is no word of this part, a double quote above all: those would take in data. */
export function tokensOf(script: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  // `$_` is a name too, which the pattern above does not end at a dot.
  while (at < script.length) {
    const found = nextOf(script, at)
    if (!found)
      throw new ParseError(`Unexpected token '${script.slice(at, at + 20)}' in expression or statement.`)
    at += found.text.length
    if (found.kind === 'space') continue
    if (found.kind === 'end') tokens.push({ kind: 'end' })
    else if (found.kind === 'text')
      tokens.push({ kind: 'text', text: found.text.slice(1, -1).replaceAll("''", "'") })
    else tokens.push({ kind: found.kind, text: found.text })
  }
  return tokens
}

function nextOf(script: string, at: number): { kind: Token['kind'] | 'space'; text: string } | undefined {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at
    const found = pattern.exec(script)
    if (found) return { kind, text: found[0] }
  }
  return undefined
}
