import { expect, test } from 'vitest'
import { listingOf } from './files/listings'
import { NamespaceLock } from './files/namespace-lock'
import { recordMark, RecordReader } from './wire/record-stream'
import { ReplayCache } from './wire/replay-cache'
import { readCall } from './wire/rpc-message'
import { XdrError, XdrReader, XdrWriter } from './wire/xdr'

/** Numbers that are the same in every run: a failure can be looked at again. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

test('what is written is read back, padded to whole words', () => {
  const out = new XdrWriter()
    .u32(0xdead_beef)
    .bool(true)
    .u64(2n ** 63n)
    .text('abcde')
  out.data(Buffer.from('xyz')).append(new XdrWriter().opaque(Buffer.alloc(20_000, 1)))
  expect(out.length % 4).toBe(0)
  const read = new XdrReader(Buffer.concat(out.chunks()))
  expect([read.u32(), read.bool(), read.u64(), read.text(5)]).toEqual([0xdead_beef, true, 2n ** 63n, 'abcde'])
  expect(read.opaque(3).toString()).toBe('xyz')
  expect(read.opaque(20_000)).toHaveLength(20_000)
  expect(read.left).toBe(0)
})

test('a length that lies is refused, not believed', () => {
  const lie = Buffer.concat(new XdrWriter().u32(0xffff_fff0).u32(1).chunks())
  expect(() => new XdrReader(lie).opaque(0xffff_ffff)).toThrow(XdrError)
  expect(() => new XdrReader(lie).opaque(10)).toThrow(XdrError)
  expect(() => new XdrReader(Buffer.alloc(3)).u32()).toThrow(XdrError)
})

test('records come out whole however the stream is cut, fragments joined', () => {
  const random = randomOf(1)
  const records = Array.from({ length: 200 }, (_, at) => Buffer.alloc(Math.floor(random() * 900) + 1, at))
  const stream = Buffer.concat(
    records.flatMap((record) => {
      const cut = Math.floor(record.length / 2)
      const first = Buffer.alloc(4)
      first.writeUInt32BE(cut)
      return [first, record.subarray(0, cut), recordMark(record.length - cut), record.subarray(cut)]
    }),
  )
  const reader = new RecordReader(1000)
  const got: Buffer[] = []
  for (let at = 0; at < stream.length;) {
    const size = Math.floor(random() * 700) + 1
    got.push(...reader.push(stream.subarray(at, at + size)))
    at += size
  }
  expect(got).toEqual(records)
  expect(reader.keptBytes).toBe(0)
})

test('a record past the limit ends it before its bytes are kept, and so do endless fragments', () => {
  expect(() => new RecordReader(1000).push(recordMark(1001))).toThrow(RangeError)
  const reader = new RecordReader(1000)
  expect(() => {
    for (let at = 0; at < 1000; at++) reader.push(Buffer.alloc(4))
  }).toThrow(RangeError)
})

test('100,000 broken calls are read or refused, and nothing else', () => {
  const random = randomOf(2)
  const good = Buffer.concat(
    new XdrWriter().u32(7).u32(0).u32(2).u32(100003).u32(3).u32(1).u32(1).opaque(Buffer.alloc(20)).chunks(),
  )
  let read = 0
  for (let round = 0; round < 100_000; round++) {
    const bytes = Buffer.from(good.subarray(0, Math.floor(random() * (good.length + 1))))
    for (let flips = 0; flips < 3 && bytes.length > 0; flips++)
      bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
    if (readCall(bytes)) read++
  }
  expect(read).toBeGreaterThan(0)
})

test('a cookie means its name, whatever comes and goes beside it', () => {
  const names = Array.from({ length: 5000 }, (_, at) => `name-${at}`)
  const all = listingOf(names)
  expect(new Set(all.names.map(({ cookie }) => cookie)).size).toBe(5002)
  const fewer = listingOf(names.filter((_, at) => at % 3 !== 0))
  for (const { name, cookie } of fewer.names)
    expect(all.names.find((one) => one.name === name)?.cookie).toBe(cookie)
  const middle = all.names[2500]?.cookie ?? 0n
  expect(fewer.names.slice(fewer.after(middle)).every(({ cookie }) => cookie > middle)).toBe(true)
})

test('what runs alone runs with nobody, and neither kind waits for ever', async () => {
  const lock = new NamespaceLock()
  let [shared, alone, together] = [0, 0, 0]
  const one = (): Promise<void> =>
    lock.shared(async () => {
      shared++
      together = Math.max(together, shared)
      await Promise.resolve()
      expect(alone).toBe(0)
      shared--
    })
  const only = (): Promise<void> =>
    lock.alone(async () => {
      alone++
      await Promise.resolve()
      expect([alone, shared]).toEqual([1, 0])
      alone--
    })
  await Promise.all(Array.from({ length: 300 }, (_, at) => (at % 7 === 0 ? only() : one())))
  await expect(lock.alone(() => Promise.reject(new Error('x')))).rejects.toThrow('x')
  await lock.shared(() => Promise.resolve())
  expect(together).toBeGreaterThan(1)
})

test('the same call is done once, also while its first answer is on the way', async () => {
  const cache = new ReplayCache(2)
  let runs = 0
  const run = (): Promise<XdrWriter> => Promise.resolve(new XdrWriter().u32(++runs))
  const answers = await Promise.all([cache.answer('a', run), cache.answer('a', run)])
  expect(answers[0]).toEqual(answers[1])
  await cache.answer('b', run)
  await cache.answer('c', run)
  await cache.answer('a', run)
  expect(runs).toBe(4)
})
