import { expect, test } from 'vitest'
import { codeOf } from '../../../../testing/transports/lab'
import { AppError, type Facts } from '../../../shared/errors'
import type { Progress } from '../../../shared/model'
import { asTask, type StartTask } from './download-task'

/** A task, and how it ended. */
function lab() {
  const person = new AbortController()
  const reader = new AbortController()
  const told: Progress[] = []
  let end: Promise<Facts> | undefined
  const start: StartTask = (work) => {
    end = work({ signal: person.signal, progress: (progress) => told.push(progress) })
    end.catch(() => undefined)
  }
  const outcome = (): Promise<string> => (end ? codeOf(end) : Promise.resolve('not begun'))
  const cancel = (): void => person.abort(new AppError('cancelled', 'Cancelled'))
  return { reader, told, start, outcome, cancel }
}

const endless = (seen: { signal?: AbortSignal; isClosed?: boolean } = {}) =>
  async function* (signal: AbortSignal) {
    seen.signal = signal
    try {
      for (;;) yield await Promise.resolve(new Uint8Array(10))
    } finally {
      seen.isClosed = true
    }
  }

test('a task lasts until the last byte, and tells how many there were', async () => {
  const { told, start, outcome, reader } = lab()
  const items = asTask(
    start,
    async function* () {
      yield { kind: 'head' }
      yield await Promise.resolve(new Uint8Array(10))
      yield new Uint8Array(5)
    },
    reader.signal,
  )
  const got: unknown[] = []
  for await (const item of items) got.push(item)
  expect(got).toHaveLength(3)
  expect(await outcome()).toBe('no error')
  expect(told[0]).toEqual({ doneBytes: 10 })
  expect(told.at(-1)).toEqual({ doneBytes: 15, totalBytes: 15 })
})

test('nothing is begun before the reader asks', async () => {
  const { start, outcome, reader } = lab()
  asTask(start, endless(), reader.signal)
  expect(await outcome()).toBe('not begun')
})

test('who cancels the task ends the stream, and what had come is not taken for the whole', async () => {
  const { start, outcome, cancel, reader } = lab()
  const seen: { signal?: AbortSignal; isClosed?: boolean } = {}
  const items = asTask(start, endless(seen), reader.signal)
  await items.next()
  cancel()
  // The reader asks for nothing now: neither task nor source waits for it.
  expect(await outcome()).toBe('cancelled')
  expect(seen.signal?.aborted).toBe(true)
  expect(await codeOf(items.next())).toBe('cancelled')
  expect(seen.isClosed).toBe(true)
})

test.each([
  ['aborts', (reader: AbortController) => Promise.resolve(reader.abort())],
  ['leaves the loop', (_: AbortController, items: AsyncGenerator) => items.return(undefined)],
])('a reader that %s cancels the task and closes the source', async (_, leave) => {
  const { start, outcome, reader } = lab()
  const seen: { signal?: AbortSignal; isClosed?: boolean } = {}
  const items = asTask(start, endless(seen), reader.signal)
  await items.next()
  await leave(reader, items)
  expect(await outcome()).toBe('cancelled')
  expect(seen.signal?.aborted).toBe(true)
  await items.return(undefined)
  expect(seen.isClosed).toBe(true)
})

test('what breaks the source is the end of both', async () => {
  const { start, outcome, reader } = lab()
  const items = asTask(
    start,
    async function* () {
      yield await Promise.reject<Uint8Array>(new AppError('object.not-found', 'No such image'))
    },
    reader.signal,
  )
  expect(await codeOf(items.next())).toBe('object.not-found')
  expect(await outcome()).toBe('object.not-found')
})
