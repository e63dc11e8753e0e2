import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import type { Args, Input } from '../../../shared/contract'
import type { Uploaded } from '../../../shared/contract/uploads'
import type { EngineId } from '../../../shared/model'
import { codeOf } from '../../../../testing/transports/lab'
import { Uploads } from './uploads'

type Brought = Input<'uploads.write'>
const args = { engine: 'e' as EngineId, name: 'a.tar' } satisfies Args<'images.load'>
const end = { kind: 'end' } as const

/** What never comes. */
const never = new Promise<never>(() => undefined)
async function* from<T>(...items: readonly (T | Promise<T>)[]): AsyncGenerator<T> {
  for (const item of items) yield await item
}
const idle = new AbortController().signal
const bytes = (...values: number[]): Uint8Array => new Uint8Array(values)

/** Uploads, and a load that answers what it got, byte by byte, and then what else stood in its input. */
function lab() {
  const clock = { nowMs: 1000 }
  const uploads = new Uploads({ now: () => clock.nowMs })
  const got: unknown[] = []
  let begin = (): void => undefined
  const began = new Promise<void>((resolve) => (begin = resolve))
  const load = uploads.into<'images.load'>(async function* (_args, { input }) {
    for await (const item of input) {
      got.push(...(item instanceof Uint8Array ? item : [item]))
      begin()
    }
    yield { kind: 'loaded', references: [] }
  })
  return {
    ...{ clock, got, began },
    prepare: async (): Promise<string> => (await uploads.handlers['uploads.prepare']({}, idle)).ticket,
    want: (ticket: string, signal = idle): Promise<unknown[]> =>
      all(
        load(args, {
          signal,
          input: from<Input<'images.load'> | Uploaded>({ kind: 'upload', ticket }, { end: true }) as never,
        }),
      ),
    bring: (ticket: string, input: AsyncIterable<Brought>, signal = idle): Promise<unknown[]> =>
      all(uploads.handlers['uploads.write']({ ticket }, { input, signal })),
  }
}

async function all(items: AsyncIterable<unknown>): Promise<unknown[]> {
  const list: unknown[] = []
  for await (const item of items) list.push(item)
  return list
}

test.each(['the stream', 'the bytes'])(
  'bytes stand where their ticket stood, whichever is first: %s',
  async (first) => {
    const { prepare, want, bring, got } = lab()
    const ticket = await prepare()
    expect(ticket).toMatch(/^[\w-]{32}$/)
    const begin = [() => want(ticket), () => bring(ticket, from<Brought>(bytes(1, 2), bytes(3), end))]
    const done = (first === 'the stream' ? begin : begin.toReversed()).map((one) => one())
    await Promise.all(done)
    expect(got).toEqual([1, 2, 3, { end: true }])
    expect(await codeOf(want(ticket))).toBe('object.not-found')
    expect(await codeOf(bring(ticket, from<Brought>(bytes(4), end)))).toBe('object.not-found')
  },
)

test('bytes that break off are no end, for either side', async () => {
  const { prepare, want, bring, got } = lab()
  const ticket = await prepare()
  const brought = codeOf(bring(ticket, from<Brought>(bytes(1))))
  expect(await codeOf(want(ticket))).toBe('stream.broken')
  expect(await brought).toBe('cancelled')
  expect(got).toEqual([1])
})

test('a request that broke before its first byte may come again', async () => {
  const { prepare, want, bring, got } = lab()
  const ticket = await prepare()
  const wanted = want(ticket)
  expect(await codeOf(bring(ticket, from<Brought>()))).toBe('stream.broken')
  await bring(ticket, from<Brought>(bytes(7), end))
  await wanted
  expect(got).toEqual([7, { end: true }])
})

const aborted = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error)

test('who brings is told when the stream that wants it leaves', async () => {
  const { prepare, want, bring, began } = lab()
  const [leaves, ticket] = [new AbortController(), await prepare()]
  const brought = codeOf(bring(ticket, from<Brought>(bytes(1), never)))
  const wanted = aborted(want(ticket, leaves.signal))
  await began
  leaves.abort()
  expect(await brought).toBe('cancelled')
  expect(await wanted).toMatchObject({ name: 'AbortError' })
})

test('an upload whose sender goes before anybody wants it is over', async () => {
  const { prepare, want, bring } = lab()
  const [goes, ticket] = [new AbortController(), await prepare()]
  const brought = aborted(bring(ticket, from<Brought>(bytes(1), never), goes.signal))
  goes.abort()
  expect(await brought).toMatchObject({ name: 'AbortError' })
  expect(await codeOf(want(ticket))).toBe('object.not-found')
})

test('a stream whose upload never comes waits as long as it is wanted, and no longer', async () => {
  const { clock, prepare, want, bring } = lab()
  const [leaves, ticket] = [new AbortController(), await prepare()]
  const wanted = aborted(want(ticket, leaves.signal))
  // It has asked for the ticket by then.
  await new Promise(setImmediate)
  clock.nowMs += 600_000
  await prepare()
  leaves.abort()
  expect(await wanted).toMatchObject({ name: 'AbortError' })
  expect(await codeOf(bring(ticket, from<Brought>(bytes(1), end)))).toBe('object.not-found')
})

test('a stream that ends without leaving its input lets go of the upload', async () => {
  const uploads = new Uploads()
  const ends = new AbortController()
  const { ticket } = await uploads.handlers['uploads.prepare']({}, ends.signal)
  const load = uploads.into<'images.load'>(async function* (_args, { input }) {
    await input[Symbol.asyncIterator]().next()
    yield { kind: 'loaded', references: [] }
  })
  const input = from<Input<'images.load'>>({ kind: 'upload', ticket }) as never
  const loaded = all(load(args, { signal: ends.signal, input }))
  const sent = from<Brought>(bytes(1), bytes(2), end)
  const brought = codeOf(all(uploads.handlers['uploads.write']({ ticket }, { input: sent, signal: idle })))
  await loaded
  ends.abort()
  expect(await brought).toBe('cancelled')
})

test('a stream keeps nothing of the uploads that it had', async () => {
  const { prepare, want, bring } = lab()
  const stream = new AbortController()
  for (let n = 0; n < 5; n++) {
    const ticket = await prepare()
    await Promise.all([want(ticket, stream.signal), bring(ticket, from<Brought>(bytes(n), end))])
  }
  expect(getEventListeners(stream.signal, 'abort')).toEqual([])
})

test('a ticket is good for a minute; what has begun may last', async () => {
  const { clock, prepare, want, bring, got } = lab()
  const [early, slow, late] = [await prepare(), await prepare(), await prepare()]
  let come = (_first: Uint8Array): void => undefined
  const first = new Promise<Uint8Array>((resolve) => (come = resolve))
  const brought = [
    bring(early, from<Brought>(bytes(5), end)),
    // Its request is here, its first byte is not.
    bring(slow, from<Brought>(first, end)),
  ]
  clock.nowMs += 60_000
  expect(await codeOf(bring(late, from<Brought>(bytes(6), end)))).toBe('object.not-found')
  expect(await codeOf(want(late))).toBe('object.not-found')
  await prepare()
  await want(early)
  const wanted = want(slow)
  come(bytes(7))
  await Promise.all([...brought, wanted])
  expect(got).toEqual([5, { end: true }, 7, { end: true }])
})

test('who guesses a ticket is not listened to', async () => {
  const { bring } = lab()
  let isAsked = false
  const input = async function* (): AsyncGenerator<Brought> {
    isAsked = true
    await never
    yield end
  }
  expect(await codeOf(bring('guessed', input()))).toBe('object.not-found')
  expect(isAsked).toBe(false)
})

test('a guessed or hostile ticket joins nothing', async () => {
  const { want, bring } = lab()
  for (const ticket of ['', '__proto__', 'constructor', 'a'.repeat(128)]) {
    expect(await codeOf(want(ticket))).toBe('object.not-found')
    expect(await codeOf(bring(ticket, from<Brought>(bytes(1), end)))).toBe('object.not-found')
  }
})

test('a ticket is joined to one stream, and tickets cannot be heaped up', async () => {
  const { prepare, want, bring, got } = lab()
  const ticket = await prepare()
  const wanted = want(ticket)
  expect(await codeOf(want(ticket))).toBe('object.not-found')
  await Promise.all([wanted, bring(ticket, from<Brought>(bytes(1), end))])
  expect(got).toEqual([1, { end: true }])
  const first = await prepare()
  for (let n = 0; n < 100; n++) await prepare()
  expect(await codeOf(want(first))).toBe('object.not-found')
})
