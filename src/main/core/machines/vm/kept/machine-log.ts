import { appendFile, readFile, rename, stat } from 'node:fs/promises'
import { log } from '../../../platform/log'

const maxBytes = 1_000_000

/** The log of one machine's life, for people: a line a step, in words. The same goes to core's own log. */
export class MachineLog {
  #writing: Promise<void> = Promise.resolve()

  constructor(
    private readonly path: string,
    private readonly name: () => string,
  ) {}

  step(text: string, facts: Readonly<Record<string, string | number | boolean>> = {}): void {
    log.info('machines', text, { machine: this.name(), ...facts })
    const more = Object.entries(facts).map(([key, value]) => ` ${key}=${value}`)
    const line = `${new Date().toISOString()} ${text}${more.join('')}\n`
    this.#writing = this.#writing.then(() => this.#write(line)).catch(() => undefined)
  }

  async lines(count = 500): Promise<string[]> {
    await this.#writing
    const texts = await Promise.all(
      [`${this.path}.1`, this.path].map((path) => readFile(path, 'utf8').catch(() => '')),
    )
    return texts.join('').split('\n').filter(Boolean).slice(-count)
  }

  async #write(line: string): Promise<void> {
    const size = await stat(this.path).then(
      ({ size }) => size,
      () => 0,
    )
    if (size > maxBytes) await rename(this.path, `${this.path}.1`)
    await appendFile(this.path, line, { mode: 0o600 })
  }
}
