import { ParseError, tokensOf, type Token } from './tokens'

export type Expression =
  | { readonly kind: 'value'; readonly value: string | number | boolean | null }
  | { readonly kind: 'variable'; readonly name: string; readonly members: readonly string[] }
  | { readonly kind: 'table'; readonly entries: readonly (readonly [string, Pipeline])[] }
  | { readonly kind: 'array'; readonly items: Pipeline }
  | { readonly kind: 'text'; readonly of: Expression }
  | { readonly kind: 'joined'; readonly left: Expression; readonly right: Expression }
  /** `[TYPE]::METHOD().MEMBER`, by its whole name. */
  | { readonly kind: 'static'; readonly name: string }
  | { readonly kind: 'differs'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'block'; readonly statements: readonly Statement[] }

export interface Command {
  readonly kind: 'command'
  readonly name: string
  /** `true`: a parameter without a value. Without a name: by its place. */
  readonly parameters: readonly { readonly name?: string; readonly value: Expression | true }[]
}

export type Pipeline = readonly (Command | Expression)[]
export type Statement =
  | { readonly kind: 'assign'; readonly name: string; readonly from: Pipeline }
  | { readonly kind: 'run'; readonly pipeline: Pipeline }
  | { readonly kind: 'try'; readonly body: readonly Statement[]; readonly otherwise: readonly Statement[] }

/** Reads a script that begins with `param($a)`. Throws `ParseError`. */
export function parse(script: string): readonly Statement[] {
  return new Parser(tokensOf(script)).script()
}

const constants: Record<string, boolean | null> = { $true: true, $false: false, $null: null }

class Parser {
  #at = 0

  constructor(private readonly tokens: readonly Token[]) {}

  script(): readonly Statement[] {
    for (const part of ['param', '(', '$a', ')']) this.#take(part)
    const statements = this.#statements()
    if (this.#at < this.tokens.length) throw this.#unexpected()
    return statements
  }

  #statements(): Statement[] {
    const statements: Statement[] = []
    for (;;) {
      while (this.#peek()?.kind === 'end') this.#at++
      if (this.#peek() === undefined || this.#is('}') || this.#is(')')) return statements
      statements.push(this.#statement())
    }
  }

  #statement(): Statement {
    if (this.#is('try')) {
      this.#at++
      const body = this.#braced()
      this.#take('catch')
      return { kind: 'try', body, otherwise: this.#braced() }
    }
    const [first, second] = [this.#peek(), this.tokens[this.#at + 1]]
    if (first?.kind === 'variable' && second?.kind === 'sign' && second.text === '=') {
      this.#at += 2
      return { kind: 'assign', name: first.text.slice(1), from: this.#pipeline() }
    }
    return { kind: 'run', pipeline: this.#pipeline() }
  }

  #braced(): readonly Statement[] {
    this.#take('{')
    const statements = this.#statements()
    this.#take('}')
    return statements
  }

  #pipeline(): Pipeline {
    const parts: (Command | Expression)[] = []
    do {
      if (parts.length > 0) this.#take('|')
      parts.push(this.#isCommand() ? this.#command() : this.#expression())
    } while (this.#is('|'))
    return parts
  }

  #isCommand(): boolean {
    return this.#peek()?.kind === 'word'
  }

  #command(): Command {
    const name = this.#text()
    if (!name.includes('-'))
      throw new ParseError(`'${name}' is no cmdlet, and no other statement is known here.`)
    const parameters: { name?: string; value: Expression | true }[] = []
    while (this.#goesOn()) {
      const token = this.#peek()
      if (token?.kind !== 'parameter') {
        parameters.push({ value: this.#argument() })
        continue
      }
      this.#at++
      const hasValue = this.#goesOn() && this.#peek()?.kind !== 'parameter'
      parameters.push({ name: token.text.slice(1), value: hasValue ? this.#argument() : true })
    }
    return { kind: 'command', name, parameters }
  }

  #goesOn(): boolean {
    const token = this.#peek()
    return token !== undefined && token.kind !== 'end' && !['|', '}', ')'].some((sign) => this.#is(sign))
  }

  /** In a command a bare word is text, and a `+` is a word of its own: what is to be joined stands in brackets. */
  #argument(): Expression {
    if (this.#peek()?.kind === 'word') return { kind: 'value', value: this.#text() }
    if (this.#is('+')) throw this.#unexpected()
    return this.#operand()
  }

  #expression(): Expression {
    let left = this.#operand()
    while (this.#is('+')) {
      this.#at++
      left = { kind: 'joined', left, right: this.#operand() }
    }
    const token = this.#peek()
    if (token?.kind !== 'parameter' || token.text !== '-ne') return left
    this.#at++
    return { kind: 'differs', left, right: this.#operand() }
  }

  #operand(): Expression {
    const token = this.#peek()
    if (token === undefined || token.kind === 'end') throw this.#unexpected()
    this.#at++
    if (token.kind === 'text') return { kind: 'value', value: token.text }
    if (token.kind === 'number') return { kind: 'value', value: Number(token.text) }
    if (token.kind === 'variable') return this.#variable(token.text)
    if (token.kind === 'sign') return this.#compound(token.text)
    throw this.#unexpected()
  }

  #variable(text: string): Expression {
    const constant = constants[text.toLowerCase()]
    if (constant !== undefined) return { kind: 'value', value: constant }
    const members: string[] = []
    while (this.#is('.')) {
      this.#at++
      members.push(this.#text())
    }
    return { kind: 'variable', name: text.slice(1), members }
  }

  #compound(sign: string): Expression {
    if (sign === '@{') return this.#table()
    if (sign === '{') {
      this.#at--
      return { kind: 'block', statements: this.#braced() }
    }
    if (sign === '@(' || sign === '(') {
      const items = this.#pipeline()
      this.#take(')')
      const [only] = items
      return sign === '(' && items.length === 1 && only && only.kind !== 'command'
        ? only
        : { kind: 'array', items }
    }
    if (sign !== '[') throw this.#unexpected()
    const type = this.#dotted()
    this.#take(']')
    if (type === 'string') return { kind: 'text', of: this.#operand() }
    this.#take('::')
    const method = this.#text()
    this.#take('(')
    this.#take(')')
    this.#take('.')
    return { kind: 'static', name: `[${type}]::${method}().${this.#dotted()}` }
  }

  #dotted(): string {
    const words = [this.#text()]
    while (this.#is('.')) {
      this.#at++
      words.push(this.#text())
    }
    return words.join('.')
  }

  #table(): Expression {
    const entries: [string, Pipeline][] = []
    for (;;) {
      while (this.#peek()?.kind === 'end') this.#at++
      if (this.#is('}')) break
      const key = this.#text()
      this.#take('=')
      entries.push([key, this.#pipeline()])
    }
    this.#at++
    return { kind: 'table', entries }
  }

  #peek(): Token | undefined {
    return this.tokens[this.#at]
  }

  #is(text: string): boolean {
    const token = this.#peek()
    return token !== undefined && token.kind !== 'end' && token.kind !== 'text' && token.text === text
  }

  #take(text: string): void {
    if (!this.#is(text)) throw this.#unexpected(text)
    this.#at++
  }

  #text(): string {
    const token = this.#peek()
    if (token?.kind !== 'word') throw this.#unexpected()
    this.#at++
    return token.text
  }

  #unexpected(instead?: string): ParseError {
    const token = this.#peek()
    const found = token === undefined || token.kind === 'end' ? 'the end of the statement' : `'${token.text}'`
    return new ParseError(
      `Unexpected token ${found}${instead === undefined ? '' : `, missing '${instead}'`}.`,
    )
  }
}
