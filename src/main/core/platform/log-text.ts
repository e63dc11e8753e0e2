/** Names of facts whose values never reach a file: whoever logs one by mistake is caught here. */
const secretName =
  /token|passw|secret|credential|authorization|cookie|private.?key|^auth$|^env$|identitytoken/i
/**
 * What looks like a secret inside text: `scheme://user:password@host`; `DB_PASSWORD=…`, `"token": "…"`; `--token …`;
 * `Bearer …`. Each begins at a fixed text and is bounded, so that long lines stay cheap.
 */
const secretInUrl = /:\/\/[^\s/@]{1,1000}@/g
const secretValue =
  /((?:token|passw(?:or)?d|passphrase|secret|credential|(?:api|access|private)[_-]?key)[\w-]{0,40}["']?\s{0,3}[=:]\s{0,3})("[^"]*"|'[^']*'|[^\s&#"',}]+)/gi
const secretFlag =
  /(--[\w-]{0,40}(?:token|password|passphrase|secret|key)\s{1,3})("[^"]*"|'[^']*'|[^\s"']+)/gi
const secretHeader = /\b(Bearer|Basic)\s{1,3}[\w.~+/=-]{6,}/g

const maxTextLength = 4000

/** One line of plain text: no control characters (a log is read in terminals), no secrets, not endless. */
export function toPlain(text: string, facts?: Readonly<Record<string, unknown>>): string {
  const told = facts
    ? ' ' +
      Object.entries(facts)
        .map(([name, value]) => fact(name, value))
        .join(' ')
    : ''
  return cut(clean(text) + told)
}

function fact(name: string, value: unknown): string {
  if (secretName.test(name)) return `${name}=[hidden]`
  const text = value instanceof Error ? errorText(value) : typeof value === 'string' ? value : json(value)
  return `${name}=${JSON.stringify(clean(text))}`
}

function errorText(error: Error): string {
  const code = (error as { code?: unknown }).code
  const cause = error.cause instanceof Error ? ` < ${errorText(error.cause)}` : ''
  return `${error.name}${typeof code === 'string' ? `(${code})` : ''}: ${error.message}${cause}`
}

function json(value: unknown): string {
  try {
    return (
      JSON.stringify(value, (key, v: unknown) => (secretName.test(key) ? '[hidden]' : v)) ?? String(value)
    )
  } catch {
    return '[not plain]'
  }
}

const clean = (text: string): string =>
  text
    .slice(0, 2 * maxTextLength)
    .replace(secretInUrl, '://[hidden]@')
    .replace(secretValue, '$1[hidden]')
    .replace(secretFlag, '$1[hidden]')
    .replace(secretHeader, '$1 [hidden]')
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]+/g, ' ')

const cut = (text: string): string =>
  text.length > maxTextLength ? `${text.slice(0, maxTextLength)}… (${text.length} characters)` : text
