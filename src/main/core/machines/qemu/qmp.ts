import { timeLimit } from '../../platform/time-limit'
import { connect, type Socket } from 'node:net'
import { Emitter } from '../../../../shared/std/emitter'
import { DeadlineError } from '../../platform/wait-for'

export interface QmpEvent {
  readonly event: string
  readonly data: Readonly<Record<string, unknown>>
}

/** What QEMU refused, in its own words. */
export class QmpError extends Error {
  override readonly name = 'QmpError'

  constructor(
    readonly command: string,
    /** `GenericError`, `CommandNotFound`, … */
    readonly kind: string,
    message: string,
  ) {
    super(message)
  }
}

/** The control connection has ended: QEMU has too, or it is somebody else's. */
export class QmpClosed extends Error {
  override readonly name = 'QmpClosed'
}

interface Waiting {
  readonly command: string
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

const defaultTimeoutMs = 10_000
/** No answer of QEMU's is longer. */
const maxLineBytes = 4 * 1024 * 1024

/** One QMP connection: docs/interop/qmp-spec.txt of QEMU. Commands may overlap; each has a deadline. */
export class Qmp {
  readonly #events = new Emitter<QmpEvent>()
  readonly #closed = new Emitter<undefined>()
  readonly #waiting = new Map<number, Waiting>()
  #rest = ''
  #nextId = 1
  #isOpen = true

  private constructor(private readonly socket: Socket) {
    socket.setEncoding('utf8')
    socket.on('data', (text: string) => this.#receive(text))
    socket.on('error', () => undefined)
    socket.on('close', () => this.#end())
  }

  /** Connects and takes part in the greeting. QEMU serves one at a time: a second one waits for the first. */
  static async connect(path: string, { signal, timeoutMs = defaultTimeoutMs }: QmpLimits): Promise<Qmp> {
    const limit = timeLimit(signal, timeoutMs)
    const qmp = new Qmp(await opened(path, limit))
    try {
      await qmp.#greeted(limit)
      await qmp.execute('qmp_capabilities', {}, { signal: limit })
      return qmp
    } catch (error) {
      qmp.close()
      signal.throwIfAborted()
      throw limit.aborted ? new DeadlineError('the greeting of QEMU', timeoutMs, error) : error
    }
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  onEvent(listener: (event: QmpEvent) => void): () => void {
    return this.#events.on(listener)
  }

  /** Called once, when the connection has ended, also by `close`. */
  onClosed(listener: () => void): () => void {
    return this.#closed.on(() => listener())
  }

  /** Throws `QmpError`, `QmpClosed`, `DeadlineError`, or the signal's reason. */
  execute<T>(command: string, args: object, { signal, timeoutMs = defaultTimeoutMs }: QmpLimits): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (!this.#isOpen) return reject(new QmpClosed(`QEMU is gone: ${command}`))
      if (signal.aborted) return reject(signal.reason as Error)
      const id = this.#nextId++
      const settle = (end: () => void): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', onAbort)
        this.#waiting.delete(id)
        end()
      }
      const onAbort = (): void => settle(() => reject(signal.reason as Error))
      const timer = setTimeout(() => settle(() => reject(new DeadlineError(command, timeoutMs))), timeoutMs)
      signal.addEventListener('abort', onAbort, { once: true })
      this.#waiting.set(id, {
        command,
        resolve: (value) => settle(() => resolve(value as T)),
        reject: (error) => settle(() => reject(error)),
      })
      const withArgs = Object.keys(args).length > 0 ? { arguments: args } : {}
      this.socket.write(`${JSON.stringify({ execute: command, id, ...withArgs })}\n`)
    })
  }

  close(): void {
    this.socket.destroy()
    this.#end()
  }

  #greeted(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (end: () => void): void => {
        signal.removeEventListener('abort', onAbort)
        undo()
        end()
      }
      const onAbort = (): void => settle(() => reject(signal.reason as Error))
      signal.addEventListener('abort', onAbort, { once: true })
      const undo = this.onClosed(() => settle(() => reject(new QmpClosed('QEMU closed its control socket'))))
      this.#greet = () => settle(resolve)
      if (this.#isGreeted) this.#greet()
    })
  }

  #isGreeted = false
  #greet = (): void => undefined

  #receive(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    if (this.#rest.length > maxLineBytes) return this.close()
    for (const line of lines) if (line.trim() !== '') this.#take(line)
  }

  #take(line: string): void {
    let message: Record<string, unknown>
    try {
      message = JSON.parse(line) as Record<string, unknown>
    } catch {
      return this.close()
    }
    if ('QMP' in message) {
      this.#isGreeted = true
      this.#greet()
    } else if (typeof message['event'] === 'string')
      this.#events.emit({ event: message['event'], data: (message['data'] ?? {}) as QmpEvent['data'] })
    else this.#answer(message)
  }

  #answer(message: Record<string, unknown>): void {
    const waiting = this.#waiting.get(message['id'] as number)
    if (!waiting) return
    const error = message['error'] as { class?: string; desc?: string } | undefined
    if (error) waiting.reject(new QmpError(waiting.command, error.class ?? '', error.desc ?? 'refused'))
    else waiting.resolve(message['return'])
  }

  #end(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    for (const { reject, command } of [...this.#waiting.values()])
      reject(new QmpClosed(`QEMU is gone: ${command}`))
    this.#closed.emit(undefined)
  }
}

export interface QmpLimits {
  readonly signal: AbortSignal
  /** Default 10 s. */
  readonly timeoutMs?: number
}

function opened(path: string, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const socket = connect(path)
    const onAbort = (): void => {
      socket.destroy()
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    socket.once('error', (error) => {
      signal.removeEventListener('abort', onAbort)
      reject(error)
    })
    socket.once('connect', () => {
      signal.removeEventListener('abort', onAbort)
      resolve(socket)
    })
  })
}
