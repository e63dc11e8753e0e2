import type { Args, ClientStream } from '../../../shared/contract'
import type { LogBatch, LogItem } from '../../../shared/model'
import { AppError } from '../../../shared/errors'
import type { LogModel } from './log-model'

export type LogState =
  | { readonly kind: 'opening' }
  /** At least one item came. */
  | { readonly kind: 'live' }
  /** The engine is away; core goes on by itself. */
  | { readonly kind: 'broken'; readonly error: AppError }
  | { readonly kind: 'ended' }
  | { readonly kind: 'failed'; readonly error: AppError }

/** One object for all items: a state that is another one draws the view anew. */
const live: LogState = { kind: 'live' }

export type OpenLogs = (args: Args<'containers.logs'>) => ClientStream<LogItem>

interface Reading {
  readonly open: OpenLogs
  readonly args: Args<'containers.logs'>
  readonly model: LogModel
  readonly onState: (state: LogState) => void
  /** Lines up to this time were already taken: where a container was started again. */
  readonly after?: string
}

/** Reads a log into its model until the answer ends it: the undo. The model's room is the stream's credit. */
export function readLogs(reading: Reading): () => void {
  let stream: ClientStream<LogItem> | undefined
  let isStopped = false
  const tell = (state: LogState): void => {
    if (!isStopped) reading.onState(state)
  }
  const run = async (): Promise<void> => {
    stream = reading.open(reading.args)
    for await (const item of stream) {
      if (isStopped) return
      await take(reading, item, tell)
    }
    tell({ kind: 'ended' })
  }
  tell({ kind: 'opening' })
  run().catch((error: unknown) => tell({ kind: 'failed', error: asProblem(error) }))
  return () => {
    isStopped = true
    stream?.cancel()
  }
}

async function take(reading: Reading, item: LogItem, tell: (state: LogState) => void): Promise<void> {
  const { model } = reading
  if (item.kind === 'lines') {
    tell(live)
    await model.append(reading.after === undefined ? item : newerThan(item, reading.after))
    return
  }
  model.mark(item.kind === 'ended' ? endedMark(item) : item)
  if (item.kind === 'break') tell({ kind: 'broken', error: AppError.fromWire(item.error) })
  else tell(item.kind === 'ended' ? { kind: 'ended' } : live)
}

const endedMark = (item: { readonly exitCode?: number }): { kind: 'ended'; exitCode?: number } =>
  item.exitCode === undefined ? { kind: 'ended' } : { kind: 'ended', exitCode: item.exitCode }

/** The engine's `since` has less than nanoseconds, so its first lines can be ones that were seen. */
export function newerThan(batch: LogBatch, time: string): LogBatch {
  let from = 0
  while (
    from < batch.lines.length &&
    (batch.times[from] ?? '') !== '' &&
    (batch.times[from] as string) <= time
  )
    from++
  if (from === 0) return batch
  const cut = (batch.cut ?? []).filter(({ index }) => index >= from)
  return {
    sources: batch.sources.slice(from),
    lines: batch.lines.slice(from),
    times: batch.times.slice(from),
    cut: cut.map(({ index, bytes }) => ({ index: index - from, bytes })),
  }
}

const asProblem = (error: unknown): AppError =>
  error instanceof AppError
    ? error
    : new AppError('bug', 'Something went wrong inside Slipway', { cause: error })

/** The time of the newest line that has one. */
export function lastTimeOf(ring: LogModel['ring']): string | undefined {
  for (let seq = ring.end - 1; seq >= ring.first; seq--) {
    const time = ring.line(seq)?.time
    if (time !== undefined && time !== '') return time
  }
  return undefined
}
