import * as v from 'valibot'
import { contract, type CallName, type Handlers, type StreamName } from '../../../shared/contract'
import { AppError } from '../../../shared/errors'

type AnyHandler = (args: unknown, context: unknown) => unknown

/** A name of the contract, its definition and its handler, however hostile the name that asked for it. */
export interface Found {
  readonly args: v.GenericSchema
  readonly input?: v.GenericSchema
  readonly handle: AnyHandler
}

/** Throws `call.unknown` for what the contract does not hold as its own: `constructor`, `__proto__`. */
export function find(handlers: Handlers, name: string, kind: 'call' | 'stream'): Found {
  if (!Object.hasOwn(contract, name) || !Object.hasOwn(handlers, name)) throw unknown(name)
  const known = name as CallName | StreamName
  const definition = contract[known]
  if (definition.kind !== kind) throw unknown(name)
  const input = 'input' in definition ? definition.input : undefined
  return { args: definition.args, handle: handlers[known] as AnyHandler, ...(input && { input }) }
}

/** Throws `input.invalid` with the first problem: `facts.path` (dotted) and `facts.problem`. */
export function check(schema: v.GenericSchema, value: unknown): unknown {
  const result = v.safeParse(schema, value, { abortEarly: true })
  if (result.success) return result.output
  const issue = result.issues[0]
  const facts = { path: v.getDotPath(issue) ?? '', problem: problemOf(issue) }
  throw new AppError('input.invalid', `Refused: ${facts.path || 'the input'}: ${facts.problem}`, { facts })
}

/** The issue's own message quotes what was received, which may be a secret. */
const problemOf = (issue: v.BaseIssue<unknown>): string =>
  (issue.expected ? `expected ${issue.expected}` : `refused by ${issue.type}`).slice(0, 200)

const unknown = (name: string): AppError =>
  new AppError('call.unknown', 'Core knows no such call or stream', { facts: { name: name.slice(0, 64) } })
