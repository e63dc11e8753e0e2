import { AppError } from '../../../../../shared/errors'
import { Emitter } from '../../../../../shared/std/emitter'
import { Ring } from '../../../../../shared/std/ring'
import { DeadlineError } from '../../../platform/wait-for'
import type { RunningVm } from '../backend'
import { MarkReader, type Mark, type Said } from './marks'

const keptBytes = 256 * 1024
const shownLines = 40

/** The serial console of one run: what was said, what is said, and the marks that a start waits for. */
export class GuestConsole {
  readonly #bytes = new Emitter<Uint8Array>()
  readonly #said = new Emitter<Said>()
  readonly #kept = new Ring<Uint8Array>(keptBytes, (bytes) => bytes.length)
  readonly #seen = new Set<Mark>()
  readonly #undo: () => void
  #panic: string | undefined

  constructor(vm: Pick<RunningVm, 'onConsole'>) {
    const reader = new MarkReader((said) => this.#hear(said))
    this.#undo = vm.onConsole((bytes) => {
      this.#kept.push(bytes)
      reader.push(bytes)
      this.#bytes.emit(bytes)
    })
  }

  /** The line of a kernel that panicked. */
  get panic(): string | undefined {
    return this.#panic
  }

  has(mark: Mark): boolean {
    return this.#seen.has(mark)
  }

  onSaid(listener: (said: Said) => void): () => void {
    return this.#said.on(listener)
  }

  /** What is kept of this run, then what comes. Returns the undo. */
  listen(listener: (bytes: Uint8Array) => void): () => void {
    for (const bytes of this.#kept.toArray()) listener(bytes)
    return this.#bytes.on(listener)
  }

  /** Resolves when the guest has said it. Throws `DeadlineError` or the signal's reason. */
  reached(mark: Mark, { signal, timeoutMs }: { signal: AbortSignal; timeoutMs: number }): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#seen.has(mark)) return resolve()
      if (signal.aborted) return reject(signal.reason as Error)
      const settle = (end: () => void): void => {
        clearTimeout(timer)
        undo()
        signal.removeEventListener('abort', onAbort)
        end()
      }
      const onAbort = (): void => settle(() => reject(signal.reason as Error))
      const late = (): void => settle(() => reject(new DeadlineError(`the mark ${mark}`, timeoutMs)))
      const timer = setTimeout(late, timeoutMs)
      const undo = this.#said.on((said) => {
        if (said.kind === 'mark' && said.mark === mark) settle(resolve)
      })
      signal.addEventListener('abort', onAbort, { once: true })
    })
  }

  /** The last lines, without the terminal's control codes: around a panic when there was one. */
  lines(): string[] {
    const text = Buffer.concat(this.#kept.toArray()).toString('utf8')
    const lines = plain(text)
      .split(/\r?\n/)
      .filter((line) => line.trim() !== '')
    const at = lines.findIndex((line) => line.includes('Kernel panic - not syncing'))
    const end = at < 0 ? lines.length : Math.min(lines.length, at + shownLines / 2)
    return lines.slice(Math.max(0, end - shownLines), end).map((line) => line.slice(0, 500))
  }

  close(): void {
    this.#undo()
  }

  #hear(said: Said): void {
    if (said.kind === 'mark') this.#seen.add(said.mark)
    if (said.kind === 'panic') this.#panic ??= said.line
    this.#said.emit(said)
  }
}

/** A guest's panic as a problem of the person. */
export const crashed = (line: string): AppError =>
  new AppError('machine.crashed', 'The kernel of the machine panicked', {
    facts: { detail: line.slice(0, 500) },
  })

// Colours, cursor moves and what else firmware and kernel write to a terminal.
const plain = (text: string): string =>
  text.replace(/\u001b\[[0-9;?]*[A-Za-z]|\u001b[()][A-Z0-9]|[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '')
