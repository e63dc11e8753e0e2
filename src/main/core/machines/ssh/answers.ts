/** What a person answered to the questions of logins. In memory only, never in a log or a file. */
import { AppError, type Facts } from '../../../../shared/errors'

export interface Question {
  /** Names it: the same question has the same name at each try. */
  readonly question: string
  readonly name: string
  readonly kind: 'passphrase' | 'password' | 'prompt'
  /** What to show; for prompts the host's own words. */
  readonly prompt: string
  readonly isSecret: boolean
}

/** A host's words are shown as text: no control characters, no novel. */
const maxPrompt = 500

export class Answers {
  readonly #given = new Map<string, string>()
  readonly #wrong = new Set<string>()

  give(question: string, answer: string): void {
    this.#given.set(question, answer)
  }

  get(question: string): string | undefined {
    return this.#given.get(question)
  }

  /** The answer that was given. Without one throws `ssh.needs-answer`, which asks for it. */
  need(asked: Question): string {
    const answer = this.#given.get(asked.question)
    if (answer === undefined) throw this.#ask(asked)
    return answer
  }

  /** It did not fit: forgotten, and asked for again with a word about it. Answers that question. */
  wrong(asked: Question): AppError {
    this.#given.delete(asked.question)
    this.#wrong.add(asked.question)
    return this.#ask(asked)
  }

  /** It fitted. Host keys stand in `known_hosts` then; nothing of them is kept here. */
  right(question: string): void {
    this.#wrong.delete(question)
  }

  forget(question: string): void {
    this.#given.delete(question)
    this.#wrong.delete(question)
  }

  #ask({ question, name, kind, prompt, isSecret }: Question): AppError {
    const shown = prompt
      .replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]+/g, ' ')
      .slice(0, maxPrompt)
    const facts: Facts = {
      question,
      name,
      kind,
      prompt: shown,
      isSecret,
      wasWrong: this.#wrong.has(question),
    }
    return new AppError('ssh.needs-answer', `${name} asks: ${shown}`, { facts })
  }
}
