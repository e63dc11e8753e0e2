import type { ActivityItem, EngineEvent, Task, TaskId } from '../../../shared/model'

/** Changes within this time leave as one: a pull changes some hundred times a second. */
const joinMs = 100
/** How a task ended is what somebody waits for: it waits only for others that end with it. */
const endJoinMs = 10
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
  #hasEnd = false
  #cutJoin: (() => void) | undefined

  constructor(
    private readonly all: () => ActivityItem,
    private readonly taskOf: (id: TaskId) => Task | undefined,
  ) {}

  onTask(id: TaskId, hasEnded: boolean): void {
    if (!this.#isBehind) this.#changed.add(id)
    this.#wake?.()
    if (!hasEnded) return
    this.#hasEnd = true
    this.#cutJoin?.()
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
      await this.#join(signal)
    }
  }

  /** Until what changes together has come. */
  #join(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        this.#cutJoin = undefined
        signal.removeEventListener('abort', done)
        resolve()
      }
      let timer = setTimeout(done, this.#hasEnd ? endJoinMs : joinMs)
      this.#cutJoin = () => {
        clearTimeout(timer)
        timer = setTimeout(done, endJoinMs)
        this.#cutJoin = undefined
      }
      signal.addEventListener('abort', done, { once: true })
      if (signal.aborted) done()
    })
  }

  *#take(): Generator<ActivityItem> {
    this.#hasEnd = false
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
