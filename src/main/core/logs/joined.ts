import type { Readable } from 'node:stream'
import { AppError } from '../../../shared/errors'
import type { LogItem } from '../../../shared/model'
import type { LogBatchBuilder } from './log-batch'

/** A window draws at 60 Hz at best: lines that keep coming closer together than this travel together. */
const joinMs = 10
/** After a quiet time so many items leave without waiting: joining would delay them and save nothing. */
const burst = 10
const batchChars = 64 * 1024

/**
 * Reads a stream through `push` into the batch, and gives the batch out: a line at once while the mean is below
 * an item each 10 ms, faster ones joined, a flood in items of about 64 KiB. What is left at an end or a failure
 * stays in the batch. One chunk is read ahead and no more, so a slow reader slows the engine.
 */
export async function* joined(
  stream: Readable,
  push: (chunk: Buffer) => void,
  batch: LogBatchBuilder,
): AsyncGenerator<LogItem> {
  const chunks = stream.iterator({ destroyOnReturn: true }) as AsyncIterator<Buffer>
  let dueMs = -Infinity
  try {
    let next = settled(chunks.next())
    for (;;) {
      const waitMs = dueMs - performance.now()
      const isDue = batch.size >= batchChars || (batch.size > 0 && waitMs <= 0)
      if (isDue || (batch.size > 0 && !(await within(next, waitMs)))) {
        yield batch.take() as LogItem
        const nowMs = performance.now()
        // A full item left before it was due: what comes after a flood does not wait for all of them.
        dueMs = Math.min(Math.max(dueMs, nowMs - (burst - 1) * joinMs), nowMs) + joinMs
        continue
      }
      const got = await next
      if ('error' in got) throw asLost(got.error)
      if (got.result.done) return
      push(got.result.value)
      next = settled(chunks.next())
    }
  } finally {
    stream.destroy()
  }
}

/** A body that breaks off is an engine that went away. */
const asLost = (error: unknown): AppError =>
  error instanceof AppError
    ? error
    : new AppError('engine.unreachable', 'The engine ended the log in the middle', { cause: error })

type Settled = { readonly result: IteratorResult<Buffer, unknown> } | { readonly error: unknown }

/** Never rejects: a failure waits until it is asked for, after the lines that came before it. */
const settled = (next: Promise<IteratorResult<Buffer, unknown>>): Promise<Settled> =>
  next.then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  )

async function within(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms)
  })
  const isDone = await Promise.race([work.then(() => true), late])
  clearTimeout(timer)
  return isDone
}
