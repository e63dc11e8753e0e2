import { randomUUID } from 'node:crypto'
import { AppError, toWire, type Facts } from '../../../shared/errors'
import type { ActivityItem, EngineEvent, EngineId, Progress, Task, TaskId } from '../../../shared/model'
import { Ring } from '../../../shared/std/ring'
import { isAway } from '../engine/is-away'
import { log } from '../platform/log'
import { ActivityWatch } from './activity-watch'
import { RunningTask, type TaskSpec } from './running-task'

export interface TaskRun {
  /** Aborts when the person cancels, the caller goes away, or the engine is lost. */
  readonly signal: AbortSignal
  readonly progress: (progress: Progress) => void
}
export type Work<T> = (run: TaskRun) => Promise<T>

const maxTasks = 500
const maxEvents = 5000

interface Entry {
  readonly running: RunningTask
  readonly controller: AbortController
}

/** Everything that was done and what the engines said: Activity's truth, kept while core lives. */
export class Activity {
  /** In the order in which they began. */
  readonly #entries = new Map<TaskId, Entry>()
  readonly #events = new Ring<EngineEvent>(maxEvents, () => 1)
  readonly #watches = new Set<ActivityWatch>()
  readonly #progressOf = new WeakMap<AbortSignal, TaskRun['progress']>()

  constructor(private readonly now: () => number = Date.now) {}

  /** Does a piece of work as a task and answers what the work answers. */
  async run<T>(spec: TaskSpec, work: Work<T>, outer?: AbortSignal): Promise<T> {
    return this.#work(this.#begin(spec), work, outer)
  }

  /** Begins a piece of work that goes on without its caller. How it ends stands in the task. */
  start(spec: TaskSpec, work: Work<Facts>): TaskId {
    const entry = this.#begin(spec)
    void this.#work(entry, work).catch(() => undefined)
    return entry.running.task.id
  }

  /** Where the work that was given this signal tells its progress. */
  progressOf(signal: AbortSignal): TaskRun['progress'] {
    return this.#progressOf.get(signal) ?? (() => undefined)
  }

  /** Throws `object.not-found`. One that has ended or cannot be cancelled stays as it is. */
  cancel(id: TaskId): void {
    const entry = this.#entries.get(id)
    if (!entry) throw new AppError('object.not-found', 'No such task', { facts: { id } })
    if (entry.running.task.canCancel) entry.controller.abort(new AppError('cancelled', 'Cancelled'))
  }

  /** Whether something is being done on an engine. */
  isBusy(engine: EngineId): boolean {
    return [...this.#entries.values()].some(
      ({ running }) => running.task.engine === engine && running.task.state === 'running',
    )
  }

  /** Forgets what has ended. */
  clear(): void {
    for (const [id, { running }] of this.#entries)
      if (running.task.state !== 'running') this.#entries.delete(id)
    for (const watch of this.#watches) watch.onAll()
  }

  addEvents(events: readonly EngineEvent[]): void {
    for (const event of events) this.#events.push(event)
    for (const watch of this.#watches) watch.onEvents(events)
  }

  /** What still ran on an engine that is gone is interrupted now, not when its sockets notice. */
  engineLost(engine: EngineId): void {
    const error = new AppError('engine.unreachable', 'The engine went away')
    for (const entry of this.#entries.values()) {
      // What is done to the engine itself (start, restart) is not ended by its being away.
      const { kind, engine: own } = entry.running.task
      if (own !== engine || kind.startsWith('engines.')) continue
      if (entry.running.end('interrupted', { error: toWire(error) })) {
        this.#tell(entry)
        entry.controller.abort(error)
      }
    }
  }

  /** First all, then what changes, until the signal aborts. */
  async *watch(signal: AbortSignal): AsyncGenerator<ActivityItem> {
    const watch = new ActivityWatch(
      () => this.#all(),
      (id) => this.#entries.get(id)?.running.task,
    )
    this.#watches.add(watch)
    try {
      yield* watch.items(signal)
    } finally {
      this.#watches.delete(watch)
    }
  }

  /** Ends what runs; for the end of core. */
  close(): void {
    for (const { controller } of this.#entries.values())
      controller.abort(new AppError('cancelled', 'Slipway is closing'))
  }

  #begin(spec: TaskSpec): Entry {
    const id = randomUUID() as TaskId
    const entry = { running: new RunningTask(id, spec, this.now), controller: new AbortController() }
    this.#entries.set(id, entry)
    this.#forgetOldest()
    this.#tell(entry)
    return entry
  }

  async #work<T>({ running, controller }: Entry, work: Work<T>, outer?: AbortSignal): Promise<T> {
    const signal = outer ? AbortSignal.any([controller.signal, outer]) : controller.signal
    const progress = (step: Progress): void => {
      running.progress(step)
      this.#tell({ running })
    }
    this.#progressOf.set(signal, progress)
    try {
      const value = await work({ signal, progress })
      running.end('done', resultOf(value))
      return value
    } catch (thrown) {
      this.#failed(running, thrown, signal)
      // The person, or the loss of the engine, ended it: that is the answer, not what broke of it.
      throw controller.signal.aborted ? controller.signal.reason : thrown
    } finally {
      this.#tell({ running })
    }
  }

  #failed(running: RunningTask, thrown: unknown, signal: AbortSignal): void {
    const error = toWire(thrown, signal)
    const { kind, subject, doneBytes, engine } = running.task
    if (signal.aborted || error.code === 'cancelled') {
      running.end('cancelled')
      return
    }
    const brokeMidway = isAway(thrown) && doneBytes !== undefined
    running.end(brokeMidway ? 'interrupted' : 'failed', { error })
    const facts = { kind, subject, engine, code: error.code, ...(error.code === 'bug' && { error: thrown }) }
    log[error.code === 'bug' ? 'error' : 'info']('history', 'an action failed', facts)
  }

  #all(): ActivityItem {
    const tasks = [...this.#entries.values()].map(({ running }): Task => running.task)
    return { kind: 'all', tasks, events: this.#events.toArray() }
  }

  #tell({ running }: Pick<Entry, 'running'>): void {
    const { id, state } = running.task
    for (const watch of this.#watches) watch.onTask(id, state !== 'running')
  }

  #forgetOldest(): void {
    for (const [id, { running }] of this.#entries) {
      if (this.#entries.size <= maxTasks) return
      if (running.task.state !== 'running') this.#entries.delete(id)
    }
  }
}

/** What of an answer is plain enough to show: numbers, texts and yes or no at its first level. */
function resultOf(value: unknown): { result?: Facts } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {}
  const plain = Object.entries(value).filter(([, v]) => ['string', 'number', 'boolean'].includes(typeof v))
  return plain.length > 0 ? { result: Object.fromEntries(plain) } : {}
}
