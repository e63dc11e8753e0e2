export interface EnvFileProblem {
  /** From 1. */
  readonly line: number
  /** `from-shell`: a name alone, which docker fills from the shell's own environment. */
  readonly code: 'name-empty' | 'name-space' | 'from-shell' | 'nul'
  readonly name: string
}
export interface EnvFile {
  readonly env: readonly { readonly name: string; readonly value: string }[]
  readonly problems: readonly EnvFileProblem[]
}

/**
 * An env file by the rules of `docker run --env-file`: `NAME=value` lines, `#` at a line's start is a
 * comment, no quotes and no expansion (quotes are part of the value), a leading BOM is skipped.
 */
export function parseEnvFile(text: string): EnvFile {
  const env: { name: string; value: string }[] = []
  const problems: EnvFileProblem[] = []
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const line = raw.replace(/\r$/, '').replace(/^\s+/, '')
    if (line === '' || line.startsWith('#')) continue
    const equals = line.indexOf('=')
    const name = equals < 0 ? line : line.slice(0, equals)
    const code = problemOf(name, equals < 0, line)
    if (code) problems.push({ line: index + 1, code, name: name.slice(0, 256) })
    else env.push({ name, value: line.slice(equals + 1) })
  }
  return { env, problems }
}

function problemOf(name: string, isAlone: boolean, line: string): EnvFileProblem['code'] | undefined {
  if (name === '') return 'name-empty'
  if (line.includes('\0')) return 'nul'
  if (/\s/.test(name)) return 'name-space'
  return isAlone ? 'from-shell' : undefined
}
