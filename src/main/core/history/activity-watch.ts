import type { ActivityItem, EngineEvent, Task, TaskId } from '../../../shared/model'
import { pause } from '../platform/wait-for'

/** Changes within this time leave as one: a pull changes some hundred times a second. */
const joinMs = 100
/** A reader that has missed this many events gets everything anew instead. */
const maxPendingEvents = 1000

/**
 * One reader of the activity feed. It holds no copies of what changed, just which tasks: however slow it
 * reads, it costs at most one entry a task, and always gets their newest state.
 */
export class ActivityWatch {
  readonly #changed = new Set<TaskId>()
  #events: EngineEvent[] = []
  #isBehind = true
  #wake: (() => void) | undefined

  constructor(
    private readonly all: () => ActivityItem,
    private readonly taskOf: (id: TaskId) => Task | undefined,
  ) {}

  onTask(id: TaskId): void {
    if (!this.#isBehind) this.#changed.add(id)
    this.#wake?.()
  }

  onEvents(events: readonly EngineEvent[]): void {
    if (this.#isBehind) return
    if (this.#events.length + events.length > maxPendingEvents) this.onAll()
    else this.#events.push(...events)
    this.#wake?.()
  }

  /** Tasks went: the reader's list is replaced. */
  onAll(): void {
    this.#isBehind = true
    this.#changed.clear()
    this.#events = []
    this.#wake?.()
  }

  async *items(signal: AbortSignal): AsyncGenerator<ActivityItem> {
    while (!signal.aborted) {
      yield* this.#take()
      await this.#somethingNew(signal)
      await pause(joinMs, signal).catch(() => undefined)
    }
  }

  *#take(): Generator<ActivityItem> {
    if (this.#isBehind) {
      this.#isBehind = false
      yield this.all()
      return
    }
    const tasks = [...this.#changed].map(this.taskOf)
    const events = this.#events
    this.#changed.clear()
    this.#events = []
    for (const task of tasks) if (task) yield { kind: 'task', task }
    if (events.length > 0) yield { kind: 'events', events }
  }

  #somethingNew(signal: AbortSignal): Promise<void> {
    if (this.#isBehind || this.#changed.size > 0 || this.#events.length > 0) return Promise.resolve()
    return new Promise((resolve) => {
      const done = (): void => {
        this.#wake = undefined
        signal.removeEventListener('abort', done)
        resolve()
      }
      this.#wake = done
      signal.addEventListener('abort', done, { once: true })
      if (signal.aborted) done()
    })
  }
}
