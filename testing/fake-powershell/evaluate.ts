import type { Command, Expression, Pipeline, Statement } from './parse'

export type Value = unknown
export type Parameters = ReadonlyMap<string, Value>
/** Runs a cmdlet with parameters by their documented names; answers what it puts out. Throws `CmdletError`. */
export type RunCmdlet = (
  name: string,
  parameters: Command['parameters'],
  valueOf: (of: Expression) => Value,
) => Promise<Value[]>

/** What a `catch` of PowerShell sees of a failure. */
export class CmdletError extends Error {
  constructor(
    message: string,
    readonly category: string,
    readonly id: string,
  ) {
    super(message)
  }
}

/** Runs statements; what they put out is what the script answers. */
export class Evaluator {
  readonly #variables: Map<string, Value>

  constructor(
    data: Value,
    private readonly runCmdlet: RunCmdlet,
  ) {
    this.#variables = new Map([['a', data]])
  }

  async run(statements: readonly Statement[]): Promise<Value[]> {
    const out: Value[] = []
    for (const statement of statements) {
      if (statement.kind === 'run') out.push(...(await this.#pipeline(statement.pipeline)))
      else if (statement.kind === 'assign')
        this.#variables.set(statement.name.toLowerCase(), unrolled(await this.#pipeline(statement.from)))
      else out.push(...(await this.#attempt(statement.body, statement.otherwise)))
    }
    return out
  }

  async #attempt(body: readonly Statement[], otherwise: readonly Statement[]): Promise<Value[]> {
    try {
      return await this.run(body)
    } catch (error) {
      if (!(error instanceof CmdletError)) throw error
      return this.run(otherwise)
    }
  }

  async #pipeline([first, ...rest]: Pipeline): Promise<Value[]> {
    if (first === undefined) return []
    let values = await this.#head(first)
    for (const part of rest) values = await this.#each(part, values)
    return values
  }

  async #head(part: Command | Expression): Promise<Value[]> {
    if (part.kind === 'command')
      return this.runCmdlet(part.name, part.parameters, (expression) => this.#simple(expression))
    const value = await this.#value(part)
    return Array.isArray(value) ? (value as Value[]) : value === undefined ? [] : [value]
  }

  /** The only thing that values are piped to here. */
  async #each(part: Command | Expression, values: readonly Value[]): Promise<Value[]> {
    const block = part.kind === 'command' ? part.parameters[0]?.value : undefined
    if (
      part.kind !== 'command' ||
      part.name !== 'ForEach-Object' ||
      block === undefined ||
      block === true ||
      block.kind !== 'block'
    )
      throw new Error('only ForEach-Object { } takes values from a pipe here')
    const out: Value[] = []
    for (const value of values) {
      // Nothing comes to nothing: PowerShell runs the block for $null, but not for an empty list.
      if (value === null || value === undefined) continue
      this.#variables.set('_', value)
      out.push(...(await this.run(block.statements)))
    }
    return out
  }

  async #value(expression: Expression): Promise<Value> {
    if (expression.kind === 'array') return this.#pipeline(expression.items)
    if (expression.kind !== 'table') return this.#simple(expression)
    const table: Record<string, Value> = {}
    for (const [key, pipeline] of expression.entries) {
      const [only] = pipeline
      // `@( )` stays a list in a table, whatever it holds.
      const isList = pipeline.length === 1 && only?.kind === 'array'
      const values = await this.#pipeline(pipeline)
      table[key] = isList ? values.filter((value) => value !== null && value !== undefined) : unrolled(values)
    }
    return table
  }

  #simple(expression: Expression): Value {
    if (expression.kind === 'value') return expression.value
    if (expression.kind === 'text') return textOf(this.#simple(expression.of))
    if (expression.kind === 'joined')
      return textOf(this.#simple(expression.left)) + textOf(this.#simple(expression.right))
    if (expression.kind === 'static') return staticOf(expression.name)
    if (expression.kind === 'differs') return this.#simple(expression.left) !== this.#simple(expression.right)
    if (expression.kind !== 'variable') throw new Error(`a ${expression.kind} cannot stand here`)
    let value: Value = this.#variables.get(expression.name.toLowerCase()) ?? null
    for (const member of expression.members) value = (value as Record<string, Value> | null)?.[member] ?? null
    return value
  }
}

/** What Windows itself knows. */
function staticOf(name: string): Value {
  const known: Record<string, Value> = {
    '[Security.Principal.WindowsIdentity]::GetCurrent().User.Value': 'S-1-5-21-1-2-3-1001',
  }
  if (known[name] === undefined)
    throw new CmdletError(`Unable to find ${name}.`, 'InvalidOperation', 'TypeNotFound')
  return known[name]
}

/** What a variable takes from a pipe: nothing, the one thing, or a list. */
const unrolled = (values: readonly Value[]): Value => (values.length < 2 ? (values[0] ?? null) : values)

/** `[string]` of what the fake's cmdlets give: text, numbers, truth. */
export function textOf(value: Value): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
