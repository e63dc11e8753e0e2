import type { Readable } from 'node:stream'
import { AppError } from '../../../shared/errors'
import type { LogItem } from '../../../shared/model'
import type { LogBatchBuilder } from './log-batch'

/** A window draws at 60 Hz at best: lines closer together than this travel together. */
const joinMs = 10
const batchChars = 64 * 1024

/**
 * Reads a stream through `push` into the batch, and gives the batch out: the first line at once, a flood
 * in items of about 64 KiB; what is left at an end or a failure stays in the batch. One chunk is read ahead and no more, so a slow reader slows the engine.
 */
export async function* joined(
  stream: Readable,
  push: (chunk: Buffer) => void,
  batch: LogBatchBuilder,
): AsyncGenerator<LogItem> {
  const chunks = stream.iterator({ destroyOnReturn: true }) as AsyncIterator<Buffer>
  let lastMs = -Infinity
  try {
    let next = settled(chunks.next())
    for (;;) {
      const waitMs = lastMs + joinMs - performance.now()
      const isDue = batch.size >= batchChars || (batch.size > 0 && waitMs <= 0)
      if (isDue || (batch.size > 0 && !(await within(next, waitMs)))) {
        yield batch.take() as LogItem
        lastMs = performance.now()
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
