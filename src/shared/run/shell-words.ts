/**
 * A shell line as words, by the quoting rules of POSIX sh (2.2 Quoting), for text that people paste.
 * Nothing is ever expanded: what a shell would expand stays in the word as it was typed, and is reported.
 */
export interface ShellProblem {
  readonly token: string
  readonly code: 'shell-expansion' | 'shell-operator' | 'unclosed-quote'
}
export interface ShellWords {
  readonly words: readonly string[]
  readonly problems: readonly ShellProblem[]
}

export function splitShellWords(text: string): ShellWords {
  return new Splitter(text.replace(/\r\n/g, '\n')).run()
}

/** One word as a POSIX shell reads it back: bare where nothing in it is special. */
export function quoteShell(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word
  return `'${word.replaceAll("'", `'\\''`)}'`
}

const expansion = /^\$(\([^)]*\)?|\{[^}]*\}?|[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-]|'|")/
const operator = /^(\|\|?|&&?|;|<<?<?|>>?|\(|\))&?/

class Splitter {
  #at = 0
  #word: string | undefined
  #ended = false
  readonly #words: string[] = []
  readonly #problems: ShellProblem[] = []

  constructor(private readonly text: string) {}

  run(): ShellWords {
    while (this.#at < this.text.length && !this.#ended) this.#step()
    this.#endWord()
    return { words: this.#words, problems: this.#problems }
  }

  #step(): void {
    const rest = this.text.slice(this.#at, this.#at + 4096)
    const char = rest[0] as string
    // Backtick and caret at a line's end continue it in PowerShell and cmd: pasted commands have them.
    if (/^[\\`^]\n/.test(rest)) this.#at += 2
    else if (/\s/.test(char)) this.#space(char)
    else if (char === "'") this.#single()
    else if (char === '"') this.#double()
    else if (char === '\\') this.#add(this.text[this.#at + 1] ?? '', 2)
    else this.#bare(char, rest)
  }

  #bare(char: string, rest: string): void {
    const isStart = this.#word === undefined
    if (char === '#' && isStart) this.#comment()
    else if (char === '$' || char === '`') this.#expand(rest)
    else if (char === '~' && isStart) this.#tilde(rest)
    else if (operator.test(rest)) this.#operator(rest)
    else this.#add(char, 1)
  }

  #add(text: string, length: number): void {
    this.#word = (this.#word ?? '') + text
    this.#at += length
  }

  #endWord(): void {
    if (this.#word !== undefined) this.#words.push(this.#word)
    this.#word = undefined
  }

  /** A line end after the first word ends the command: what follows is another one. */
  #space(char: string): void {
    this.#endWord()
    this.#at++
    if (char !== '\n' || this.#words.length === 0) return
    const rest = this.text.slice(this.#at).trim()
    this.#ended = true
    if (rest !== '' && !rest.startsWith('#'))
      this.#problems.push({ token: firstLine(rest), code: 'shell-operator' })
  }

  #comment(): void {
    const end = this.text.indexOf('\n', this.#at)
    this.#at = end < 0 ? this.text.length : end
  }

  #single(): void {
    const end = this.text.indexOf("'", this.#at + 1)
    if (end < 0) return this.#unclosed()
    this.#add(this.text.slice(this.#at + 1, end), end + 1 - this.#at)
  }

  #double(): void {
    const start = this.#at
    this.#add('', 1)
    while (this.#at < this.text.length) {
      const char = this.text[this.#at] as string
      if (char === '"') return void this.#at++
      if (char === '\\') this.#escapeInDouble()
      else if (char === '$' || char === '`') this.#expand(this.text.slice(this.#at, this.#at + 4096))
      else this.#add(char, 1)
    }
    this.#at = start
    this.#unclosed()
  }

  #escapeInDouble(): void {
    const next = this.text[this.#at + 1] ?? ''
    if (next === '\n') this.#at += 2
    else if ('$`"\\'.includes(next)) this.#add(next, 2)
    else this.#add('\\', 1)
  }

  #unclosed(): void {
    this.#problems.push({ token: firstLine(this.text.slice(this.#at)), code: 'unclosed-quote' })
    this.#add(this.text.slice(this.#at + 1), this.text.length - this.#at)
  }

  #expand(rest: string): void {
    const found = rest.startsWith('`') ? /^`[^`]*`?/.exec(rest) : expansion.exec(rest)
    if (!found) return this.#add('$', 1)
    // `$'…'` and `$"…"` are bash's own: the dollar is reported, the quoted text is read as usual.
    const token = /^\$['"]$/.test(found[0]) ? '$' : found[0]
    this.#problems.push({ token: found[0], code: 'shell-expansion' })
    this.#add(token, token.length)
  }

  #tilde(rest: string): void {
    if (/^~([A-Za-z0-9_-]*)(\/|:|\s|$)/.test(rest))
      this.#problems.push({ token: /^~[^\s:]*/.exec(rest)?.[0] ?? '~', code: 'shell-expansion' })
    this.#add('~', 1)
  }

  #operator(rest: string): void {
    this.#endWord()
    this.#problems.push({ token: firstLine(rest), code: 'shell-operator' })
    this.#ended = true
  }
}

const firstLine = (text: string): string => (text.split('\n')[0] as string).slice(0, 80)
