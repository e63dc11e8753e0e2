import type { Facts } from '../errors'
import type { RunSpec } from '../model/run-spec'

/** What a pasted `docker run` said that the spec does not hold, or not in the same way. */
export const runProblemCodes = [
  'not-a-run', // the text is no `docker run` or `docker create`
  'no-image', // flags only
  'unknown-flag', // facts: flag
  'flag-not-kept', // docker knows it, Slipway's form does not: facts: flag, value
  'option-not-kept', // a part of a value: facts: flag, option
  'missing-value', // facts: flag
  'bad-value', // facts: flag, value
  'env-file', // the window must read the file: facts: path
  'env-from-shell', // `-e NAME`: the value is in the person's shell: facts: name
  'relative-path', // docker takes it from the current folder: facts: flag, path
  'shell-expansion', // `$HOME`, `$(pwd)`, `~`: stays as typed
  'shell-operator', // `|`, `&&`, a second command: what follows was not read
  'unclosed-quote',
] as const
export type RunProblemCode = (typeof runProblemCodes)[number]

export interface RunProblem {
  /** The piece of the text that it is about. */
  readonly token: string
  readonly code: RunProblemCode
  readonly facts: Facts
}

/** Where a flag's reader says what it could not take. */
export type Report = (code: RunProblemCode, facts?: Facts) => void

/** A spec while it is read. */
export type Draft = { -readonly [K in keyof RunSpec]: RunSpec[K] }
