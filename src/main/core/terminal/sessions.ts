import { AppError } from '../../../shared/errors'
import type { EngineId, SessionId, TerminalSession } from '../../../shared/model'
import { Emitter } from '../../../shared/std/emitter'
import { log } from '../platform/log'
import { Session, type Shell } from './session'

/** Each holds up to 2 MiB of replay. */
const maxSessions = 64

/** All terminals of this core. Ended ones stay, with their scrollback, until someone closes them. */
export class Sessions {
  readonly #all = new Map<SessionId, Session>()
  readonly #changed = new Emitter<void>()
  #isClosed = false

  find(id: SessionId): Session {
    const session = this.#all.get(id)
    if (!session) throw new AppError('terminal.unknown', 'This terminal is gone', { facts: { session: id } })
    return session
  }

  /** Whether a shell of the machine itself is open; one of a container lives by its container. */
  isOpenIn(engine: EngineId): boolean {
    return [...this.#all.values()].some(
      ({ info }) => info.kind === 'machine' && info.engine === engine && info.state === 'open',
    )
  }

  /** Forgets the oldest ended one where it must. Throws when all are in use. */
  makeRoom(): void {
    if (this.#isClosed) throw new AppError('core.gone', 'Slipway is closing')
    if (this.#all.size < maxSessions) return
    const ended = [...this.#all.values()].find((session) => session.info.state === 'ended')
    if (!ended) {
      throw new AppError('input.invalid', `There are ${maxSessions} open terminals already`, {
        facts: { path: 'terminal', problem: 'too-many-terminals', limit: maxSessions },
      })
    }
    this.#all.delete(ended.info.id)
    this.#changed.emit()
  }

  add(info: TerminalSession, shell: Shell): TerminalSession {
    const session = new Session(info, shell, { onEnd: () => this.#changed.emit() })
    this.#all.set(info.id, session)
    if (this.#isClosed) void session.kill().catch(logFailure)
    this.#changed.emit()
    return session.info
  }

  /** Gone from the list at once; the shell's end is waited for. */
  async close(id: SessionId): Promise<void> {
    const session = this.find(id)
    this.#all.delete(id)
    this.#changed.emit()
    await session.kill()
  }

  async closeAll(): Promise<void> {
    this.#isClosed = true
    const all = [...this.#all.values()]
    this.#all.clear()
    this.#changed.emit()
    await Promise.all(all.map((session) => session.kill().catch(logFailure)))
  }

  /** The list now and after each change; changes that came while nobody looked are one. */
  async *watch(signal: AbortSignal): AsyncGenerator<{ sessions: TerminalSession[] }> {
    let isStale = true
    let wake = (): void => undefined
    const stir = (): void => {
      isStale = true
      wake()
    }
    const stop = this.#changed.on(stir)
    signal.addEventListener('abort', stir, { once: true })
    try {
      while (!signal.aborted) {
        if (isStale) {
          isStale = false
          yield { sessions: [...this.#all.values()].map((session) => session.info) }
        } else await new Promise<void>((resolve) => (wake = resolve))
      }
    } finally {
      signal.removeEventListener('abort', stir)
      stop()
    }
  }
}

const logFailure = (error: unknown): void =>
  log.warn('terminal', 'a shell did not end', { error: String(error) })
