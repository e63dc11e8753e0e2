import { expect, test } from 'vitest'
import type { Args, Input } from '../../../shared/contract'
import type { Uploaded } from '../../../shared/contract/uploads'
import type { EngineId } from '../../../shared/model'
import { codeOf } from '../../../../testing/transports/lab'
import { Uploads } from './uploads'

type Brought = Input<'uploads.write'>
const args = { engine: 'e' as EngineId, name: 'a.tar' } satisfies Args<'images.load'>
const end = { kind: 'end' } as const

async function* from<T>(...items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item)
}
const bytes = (...values: number[]): Uint8Array => new Uint8Array(values)

/** Uploads, and a load that answers what it got, byte by byte, and then what else stood in its input. */
function lab() {
  const clock = { nowMs: 1000 }
  const uploads = new Uploads(() => clock.nowMs)
  const got: unknown[] = []
  const load = uploads.into<'images.load'>(async function* (_args, { input }) {
    for await (const item of input) got.push(...(item instanceof Uint8Array ? item : [item]))
    yield { kind: 'loaded', references: [] }
  })
  const idle = new AbortController().signal
  return {
    ...{ clock, got },
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

test('who brings is told when the stream that wants it leaves, and the other way round', async () => {
  const { prepare, want, bring } = lab()
  const endless = async function* (): AsyncGenerator<Brought> {
    yield bytes(1)
    await new Promise(() => undefined)
  }
  const [leaves, isLeft] = [new AbortController(), await prepare()]
  const brought = codeOf(bring(isLeft, endless()))
  const wanted = want(isLeft, leaves.signal).catch((error: unknown) => error)
  await new Promise((resolve) => setTimeout(resolve, 10))
  leaves.abort()
  expect(await brought).toBe('cancelled')
  expect(await wanted).toMatchObject({ name: 'AbortError' })

  const [goes, isGone] = [new AbortController(), await prepare()]
  const going = bring(isGone, endless(), goes.signal).catch((error: unknown) => error)
  await new Promise((resolve) => setTimeout(resolve, 10))
  goes.abort()
  expect(await going).toMatchObject({ name: 'AbortError' })
  expect(await codeOf(want(isGone))).toBe('object.not-found')
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
  const never = new AbortController().signal
  const brought = codeOf(
    all(
      uploads.handlers['uploads.write'](
        { ticket },
        { input: from<Brought>(bytes(1), bytes(2), end), signal: never },
      ),
    ),
  )
  await loaded
  ends.abort()
  expect(await brought).toBe('cancelled')
})

test('a ticket is good for a minute; what has begun may last', async () => {
  const { clock, prepare, want, bring, got } = lab()
  const [early, late] = [await prepare(), await prepare()]
  const brought = bring(early, from<Brought>(bytes(5), end))
  await new Promise((resolve) => setTimeout(resolve, 10))
  clock.nowMs += 60_000
  expect(await codeOf(bring(late, from<Brought>(bytes(6), end)))).toBe('object.not-found')
  expect(await codeOf(want(late))).toBe('object.not-found')
  await prepare()
  await Promise.all([want(early), brought])
  expect(got).toEqual([5, { end: true }])
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
