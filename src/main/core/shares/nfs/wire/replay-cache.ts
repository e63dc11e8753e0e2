import type { XdrWriter } from './xdr'

/**
 * Answers to calls that may not be done twice. A client whose connection broke sends again what was not
 * answered: without this a REMOVE that was done would be answered ENOENT, a MKDIR EEXIST.
 */
export class ReplayCache {
  readonly #answers = new Map<string, Promise<Buffer>>()

  constructor(private readonly size = 1024) {}

  /** `key` names the call: its transaction id and its arguments, as ids alone come round again. */
  async answer(key: string, run: () => Promise<XdrWriter>): Promise<Buffer> {
    const known = this.#answers.get(key)
    if (known) return known
    const answer = run().then((writer) => Buffer.concat(writer.chunks()))
    this.#answers.set(key, answer)
    const oldest = this.#answers.keys().next()
    if (this.#answers.size > this.size && !oldest.done) this.#answers.delete(oldest.value)
    return answer
  }
}
