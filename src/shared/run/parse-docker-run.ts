import type { Facts } from '../errors'
import type { RunSpec } from '../model/run-spec'
import { emptyRunSpec } from '../model/run-spec'
import { boolFlags, otherBoolFlags, otherValueFlags, shortFlags, valueFlags } from './run-flags'
import type { Draft, RunProblem, RunProblemCode } from './run-problem'
import { splitShellWords } from './shell-words'

export interface ParsedRun {
  readonly spec: RunSpec
  /** In the order of the text. */
  readonly problems: readonly RunProblem[]
}

/**
 * Reads a `docker run` line as people paste it: quotes, escapes, continued lines, `sudo`, a prompt's
 * `$`, flags in every form. Whatever the spec cannot hold is in `problems`; nothing is lost silently.
 */
export function parseDockerRun(text: string): ParsedRun {
  const { words, problems } = splitShellWords(text.trim().replace(/^[$#>%]\s+/, ''))
  const reader = new Reader(words)
  const spec = reader.read()
  const shell = problems.map((p): RunProblem => ({ token: p.token, code: p.code, facts: {} }))
  return { spec, problems: [...reader.problems, ...shell] }
}

/** `docker`'s own flags that take a value and may stand before `run`. */
const globalValueFlags = new Set([
  '-H',
  '--host',
  '-c',
  '--context',
  '--config',
  '-l',
  '--log-level',
  '--tlscacert',
  '--tlscert',
  '--tlskey',
])

class Reader {
  readonly problems: RunProblem[] = []
  readonly #draft: Draft = { ...emptyRunSpec(''), detach: false }
  #at = 0

  constructor(private readonly words: readonly string[]) {}

  read(): RunSpec {
    if (!this.#command()) {
      this.#report(this.words[0] ?? '', 'not-a-run')
      return { ...this.#draft, detach: true }
    }
    while (this.#at < this.words.length) {
      const word = this.words[this.#at] as string
      if (word === '--') {
        this.#at++
        break
      }
      if (!word.startsWith('-') || word === '-') break
      this.#at++
      if (word.startsWith('--')) this.#long(word)
      else this.#shorts(word)
    }
    const [image, ...command] = this.words.slice(this.#at)
    if (image === undefined) this.#report(this.words.at(-1) ?? '', 'no-image')
    return { ...this.#draft, image: image ?? '', command }
  }

  /** Passes `docker run`, `docker container create`, with `sudo` and docker's own flags; false for all else. */
  #command(): boolean {
    if (this.words[this.#at] === 'sudo') this.#at++
    const program = this.words[this.#at++] ?? ''
    if (!/^(.*\/)?(docker|podman|nerdctl)(\.exe)?$/.test(program)) return false
    this.#globalFlags()
    if (this.words[this.#at] === 'container') this.#at++
    const verb = this.words[this.#at++]
    // Nothing attaches to what is only created.
    if (verb === 'create') this.#draft.detach = true
    return verb === 'run' || verb === 'create'
  }

  #globalFlags(): void {
    for (let word = this.words[this.#at]; word?.startsWith('-'); word = this.words[this.#at]) {
      this.#at++
      const hasNext = globalValueFlags.has(word)
      const value = hasNext ? (this.words[this.#at++] ?? '') : ''
      this.#report(word, 'flag-not-kept', { flag: word, ...(hasNext && { value }) })
    }
  }

  #report(token: string, code: RunProblemCode, facts: Facts = {}): void {
    this.problems.push({ token, code, facts })
  }

  #long(word: string): void {
    const equals = word.indexOf('=')
    const name = word.slice(2, equals < 0 ? undefined : equals)
    this.#flag(name, word, equals < 0 ? undefined : word.slice(equals + 1))
  }

  /** `-it`, `-dp 80:80`, `-p80:80`, `-p=80:80`: the first letter that takes a value takes the rest. */
  #shorts(word: string): void {
    for (let i = 1; i < word.length; i++) {
      const name = shortFlags[word[i] as string]
      if (name === undefined) return this.#report(word, 'unknown-flag', { flag: `-${word[i]}` })
      const rest = word.slice(i + 1)
      if (takesValue(name)) return this.#flag(name, word, rest === '' ? undefined : rest.replace(/^=/, ''))
      if (rest.startsWith('=')) return this.#flag(name, word, rest.slice(1))
      this.#flag(name, `-${word[i]}`, undefined)
    }
  }

  #flag(name: string, token: string, inline: string | undefined): void {
    const flag = `--${name}`
    if (!takesValue(name)) return this.#bool(name, token, inline)
    const value = inline ?? this.words[this.#at]
    if (inline === undefined) this.#at++
    const whole = inline === undefined ? `${token} ${value ?? ''}`.trim() : token
    if (value === undefined) this.#report(token, 'missing-value', { flag })
    else if (otherValueFlags.has(name)) this.#report(whole, 'flag-not-kept', { flag, value })
    else valueFlags[name]?.(this.#draft, value, (code, facts) => this.#report(whole, code, facts))
  }

  #bool(name: string, token: string, inline: string | undefined): void {
    const flag = `--${name}`
    const value = inline === undefined || /^(1|t|true)$/i.test(inline)
    if (Object.hasOwn(boolFlags, name)) {
      if (value || /^(0|f|false)$/i.test(inline ?? '')) boolFlags[name]?.(this.#draft, value)
      else this.#report(token, 'bad-value', { flag, value: inline ?? '' })
    } else if (otherBoolFlags.has(name)) this.#report(token, 'flag-not-kept', { flag })
    else this.#report(token, 'unknown-flag', { flag })
  }
}

const takesValue = (name: string): boolean => Object.hasOwn(valueFlags, name) || otherValueFlags.has(name)
