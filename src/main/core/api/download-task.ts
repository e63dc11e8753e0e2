import { AppError, type Facts } from '../../../shared/errors'
import type { Progress } from '../../../shared/model'

interface TaskRun {
  /** Aborts when the person cancels the task, or its engine is lost. */
  readonly signal: AbortSignal
  readonly progress: (progress: Progress) => void
}

/** Puts a piece of work into Activity; it stands there until the work has ended, and as it ended. */
export type StartTask = (work: (run: TaskRun) => Promise<Facts>) => void

const tellEveryMs = 100

/**
 * A stream's items as they are, as a task that lasts as long as they flow. A cancelled task ends the stream, and a
 * reader that goes away (`reader` aborts, or it leaves the loop) cancels the task: both at once, also while the reader
 * is slow and asks for nothing.
 */
export async function* asTask<Item>(
  startTask: StartTask,
  open: (signal: AbortSignal) => AsyncIterable<Item>,
  reader: AbortSignal,
): AsyncGenerator<Item> {
  const { run, done, failed } = await begin(startTask)
  const ended = new AbortController()
  const end = (reason: unknown): void => {
    failed(reason)
    ended.abort(reason)
  }
  const onCancel = (): void => end(run.signal.reason)
  const onLeft = (): void => end(left())
  run.signal.addEventListener('abort', onCancel, { once: true })
  reader.addEventListener('abort', onLeft, { once: true })
  if (reader.aborted) onLeft()
  try {
    const count = counter(run.progress)
    for await (const item of open(ended.signal)) {
      yield item
      // What is there already must not pass for the whole.
      ended.signal.throwIfAborted()
      if (item instanceof Uint8Array) count.add(item.byteLength)
    }
    count.end()
    done({})
  } catch (error) {
    failed(error)
    throw ended.signal.aborted ? ended.signal.reason : error
  } finally {
    run.signal.removeEventListener('abort', onCancel)
    reader.removeEventListener('abort', onLeft)
    // Of a task that has ended nothing changes: this is for who left the loop.
    onLeft()
  }
}

const left = (): AppError => new AppError('cancelled', 'The download was broken off by its reader')

interface Begun {
  readonly run: TaskRun
  /** Only the first of the two counts. */
  readonly done: (result: Facts) => void
  readonly failed: (error: unknown) => void
}

const begin = (startTask: StartTask): Promise<Begun> =>
  new Promise((resolve) => {
    startTask((run) => new Promise<Facts>((done, failed) => resolve({ run, done, failed })))
  })

/** Tells the bytes so far, no more often than a person reads. */
function counter(progress: TaskRun['progress']): { add: (bytes: number) => void; end: () => void } {
  let doneBytes = 0
  let toldAtMs = -Infinity
  return {
    add: (bytes) => {
      doneBytes += bytes
      if (performance.now() - toldAtMs < tellEveryMs) return
      toldAtMs = performance.now()
      progress({ doneBytes })
    },
    end: () => progress({ doneBytes, totalBytes: doneBytes }),
  }
}
