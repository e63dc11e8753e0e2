import type { Facts, WireError } from '../../../shared/errors'
import type { EngineId, Progress, Task, TaskId, TaskPart, TaskState } from '../../../shared/model'

/** What is known of a piece of work before it begins. */
export interface TaskSpec {
  readonly kind: string
  readonly engine?: EngineId
  readonly subject: string
  readonly command: string
  readonly canCancel: boolean
}

/** A rate is worth showing over at least this long; and it follows changes in about three times that. */
const rateMs = 500
/** A wrong or hostile stream must not make one task as large as all others together. */
const maxParts = 500
const maxNoteLength = 500

/** A task that can still change: what is shown is a plain copy, made on each change. */
export class RunningTask {
  #task: Task
  readonly #parts = new Map<string, TaskPart>()
  #rateFrom: { atMs: number; bytes: number } | undefined

  constructor(
    id: TaskId,
    spec: TaskSpec,
    private readonly now: () => number,
  ) {
    this.#task = { ...spec, id, state: 'running', startedAtMs: now(), parts: [] }
  }

  get task(): Task {
    return this.#task
  }

  progress(progress: Progress): void {
    if (this.#task.state !== 'running') return
    const { doneBytes, totalBytes, parts, note } = progress
    for (const part of parts ?? [])
      if (this.#parts.has(part.id) || this.#parts.size < maxParts) this.#parts.set(part.id, part)
    const rate = doneBytes === undefined ? undefined : this.#rate(doneBytes)
    this.#task = {
      ...this.#task,
      ...(doneBytes !== undefined && { doneBytes }),
      ...(totalBytes !== undefined && { totalBytes }),
      ...(rate !== undefined && { bytesPerSecond: rate }),
      ...(note !== undefined && { note: note.slice(0, maxNoteLength) }),
      ...(parts && { parts: [...this.#parts.values()] }),
    }
  }

  /** Ends it, once: what comes later about it is not true any more. */
  end(state: Exclude<TaskState, 'running'>, more: { error?: WireError; result?: Facts } = {}): boolean {
    if (this.#task.state !== 'running') return false
    const rest: Partial<Task> = { ...this.#task }
    delete (rest as { bytesPerSecond?: number }).bytesPerSecond
    this.#task = { ...(rest as Task), ...more, state, endedAtMs: this.now(), canCancel: false }
    return true
  }

  #rate(bytes: number): number | undefined {
    const atMs = this.now()
    const from = (this.#rateFrom ??= { atMs, bytes })
    const passedMs = atMs - from.atMs
    if (passedMs < rateMs) return undefined
    this.#rateFrom = { atMs, bytes }
    const latest = (Math.max(0, bytes - from.bytes) * 1000) / passedMs
    const last = this.#task.bytesPerSecond
    return Math.round(last === undefined ? latest : last * 0.6 + latest * 0.4)
  }
}
