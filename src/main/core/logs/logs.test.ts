import { PassThrough, Readable } from 'node:stream'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { LogItem } from '../../../shared/model'
import { Demuxer } from '../engine/demux'
import { joined } from './joined'
import { LogAssembler, maxLineBytes, type LogLine } from './log-assembler'
import { LogBatchBuilder } from './log-batch'
import { nanosOf, ResumePoint, sinceText } from './resume-point'

const time = (n: number): string => `2026-11-21T04:08:00.${String(n).padStart(9, '0')}Z`
const frame = (source: 1 | 2, text: string | Buffer): Buffer => {
  const bytes = Buffer.from(text as string)
  const header = Buffer.alloc(8)
  header[0] = source
  header.writeUInt32BE(bytes.length, 4)
  return Buffer.concat([header, bytes])
}

function assemble(bytes: Buffer, chunkBytes: number, isTty = false): LogLine[] {
  const lines: LogLine[] = []
  const assembler = new LogAssembler((line) => void lines.push(line))
  const demuxer = new Demuxer((piece) => assembler.pushPiece(piece))
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const chunk = bytes.subarray(at, at + chunkBytes)
    if (isTty) assembler.pushRaw(chunk)
    else demuxer.push(chunk)
  }
  assembler.end()
  return lines
}

test('lines, times and sources survive any cutting into chunks', () => {
  const bytes = Buffer.concat([
    frame(1, `${time(1)} 가나다 🚢\r\n`),
    frame(2, `${time(2)} oops\n`),
    frame(1, `${time(3)} \n`),
    frame(1, `${time(4)} no end`),
  ])
  for (const size of [1, 2, 3, 7, 8, 9, 31, 1000])
    expect(assemble(bytes, size), `chunks of ${size}`).toEqual([
      { source: 'stdout', time: time(1), text: '가나다 🚢' },
      { source: 'stderr', time: time(2), text: 'oops' },
      { source: 'stdout', time: time(3), text: '' },
      { source: 'stdout', time: time(4), text: 'no end' },
    ])
})

test('a long line of several entries is one line, without the times in between', () => {
  const part = 'x'.repeat(16_384)
  const entries = [`${time(1)} ${part}`, `${time(2)} ${part}`, `${time(3)} end\n`, `${time(4)} next\n`]
  const want = [
    { source: 'stdout', time: time(1), text: `${part}${part}end` },
    { source: 'stdout', time: time(4), text: 'next' },
  ]
  for (const size of [1000, 4096, 16_384, 100_000]) {
    expect(assemble(Buffer.concat(entries.map((e) => frame(1, e))), size)).toEqual(want)
    expect(assemble(Buffer.from(entries.join('')), size, true)).toEqual(want)
  }
})

test('a TTY log is split at its own lines in any chunks', () => {
  const bytes = Buffer.from(`${time(1)} a\r\n${time(2)} \r\n${time(3)} 가`)
  for (const size of [1, 5, 30, 31, 32, 33, 500])
    expect(assemble(bytes, size, true).map((l) => [l.time, l.text])).toEqual([
      [time(1), 'a'],
      [time(2), ''],
      [time(3), '가'],
    ])
})

test('a line over the cap is cut between characters and tells its size', () => {
  const text = '가'.repeat(maxLineBytes)
  const [line] = assemble(frame(1, `${time(1)} ${text}\n`), 65_536)
  expect(line?.cutBytes).toBe(3 * maxLineBytes)
  expect(line?.text).toBe('가'.repeat(Math.floor(maxLineBytes / 3)))
})

test('bytes that are no text become U+FFFD and break nothing', () => {
  const binary = Buffer.concat([Buffer.from(`${time(1)} `), Buffer.from([0, 255, 254, 65, 10])])
  expect(assemble(frame(2, binary), 3)).toEqual([
    { source: 'stderr', time: time(1), text: '\0\ufffd\ufffdA' },
  ])
})

test('text without a time is kept whole', () => {
  expect(assemble(frame(1, 'plain words\n'), 4)).toEqual([
    { source: 'stdout', time: '', text: 'plain words' },
  ])
})

/** What the engine gives for `since`, of a whole log. */
const from = (log: readonly string[], since: string | undefined): readonly string[] =>
  since === undefined ? log : log.filter((t) => nanosOf(t) >= nanosOf(since))

test.each([1, 2, 3, 10, 1500, 2047, 2048, 2049, 5000])(
  'a log taken up after %i lines loses and doubles none',
  (given) => {
    // Three lines share each time, and every tenth pair is out of order.
    const log = Array.from({ length: given + 100 }, (_, i) =>
      time(Math.floor(i / 3) + (i % 10 === 5 ? 2 : 1)),
    )
    const point = new ResumePoint()
    const taken: number[] = []
    const feed = (lines: readonly string[]): void =>
      void taken.push(lines.filter((t) => point.take(t)).length)
    feed(log.slice(0, given))
    feed(from(log.slice(0, given + 50), point.resume()))
    feed(from(log, point.resume()))
    feed(from(log, point.resume()))
    expect(taken).toEqual([given, 50, 50, 0])
  },
)

test('a log that lost its beginning to rotation still gives what is new', () => {
  const point = new ResumePoint()
  for (const n of [1, 2, 3, 4]) point.take(time(n))
  point.resume()
  expect([4, 5, 6].map((n) => point.take(time(n)))).toEqual([false, true, true])
})

test('times are told to the nanosecond, in any zone', () => {
  expect(sinceText('1970-01-01T00:00:01.000000001Z')).toBe('1.000000001')
  expect(sinceText('1970-01-01T01:00:01.5+01:00')).toBe('1.500000000')
})

test('the first line leaves at once, a flood in large items, and nothing is lost', async () => {
  const source = new PassThrough()
  const batch = new LogBatchBuilder(false)
  let rest = ''
  const push = (chunk: Buffer): void => {
    const lines = (rest + chunk.toString()).split('\n')
    rest = lines.pop() ?? ''
    for (const text of lines) batch.add({ source: 'stdout', time: '', text })
  }
  const items = joined(source, push, batch)
  source.write('first\n')
  expect((await items.next()).value).toMatchObject({ lines: ['first'], sources: 'o' })
  for (let i = 0; i < 20_000; i++) source.write(`line ${i}\n`)
  source.end()
  const got: LogItem[] = []
  for await (const item of items) got.push(item)
  const last = batch.take()
  if (last) got.push(last)
  const lines = got.flatMap((item) => (item.kind === 'lines' ? item.lines : []))
  expect(lines).toHaveLength(20_000)
  expect(got.length).toBeLessThan(200)
})

test('after a quiet time ten lines in a row leave without waiting, the next ones together', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const source = new PassThrough()
  const batch = new LogBatchBuilder(false)
  const items = joined(source, (c) => batch.add({ source: 'stdout', time: '', text: String(c) }), batch)
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  // The clock stands still: an item that waited would never come.
  for (let n = 0; n < 10; n++) {
    source.write(`${n}`)
    expect((await items.next()).value).toMatchObject({ lines: [`${n}`] })
  }
  const next = items.next()
  for (const text of ['10', '11']) {
    source.write(text)
    await turn()
  }
  await vi.advanceTimersByTimeAsync(10)
  expect((await next).value).toMatchObject({ lines: ['10', '11'] })
  await items.return(undefined)
})

test('what is left of a flood waits no longer than a line after a line', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const source = new PassThrough()
  const batch = new LogBatchBuilder(false)
  const items = joined(source, (c) => batch.add({ source: 'stdout', time: '', text: String(c) }), batch)
  for (let n = 0; n < 50; n++) {
    source.write('x'.repeat(64 * 1024))
    await items.next()
  }
  source.write('last')
  let came: unknown
  const last = items.next().then(({ value }) => void (came = value))
  await vi.advanceTimersByTimeAsync(10)
  expect(came).toMatchObject({ lines: ['last'] })
  await last
  await items.return(undefined)
})

test('a body that breaks off gives its lines first and then says that the engine is away', async () => {
  const source = new PassThrough()
  const batch = new LogBatchBuilder(false)
  const items = joined(source, (c) => batch.add({ source: 'stdout', time: '', text: String(c) }), batch)
  source.write('a')
  expect((await items.next()).value).toMatchObject({ lines: ['a'] })
  source.destroy(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))
  await expect(items.next()).rejects.toMatchObject({ code: 'engine.unreachable' })
})

test('a reader that stops stops the source', async () => {
  let made = 0
  const source = new Readable({
    highWaterMark: 1024,
    read() {
      made++
      this.push(Buffer.alloc(1024, 'x'))
    },
  })
  const batch = new LogBatchBuilder(false)
  const items = joined(source, (c) => batch.add({ source: 'stdout', time: '', text: String(c) }), batch)
  await items.next()
  // Turns of the event loop, in which an unheld source would go on and on.
  for (let turn = 0; turn < 1000; turn++) await new Promise((resolve) => setImmediate(resolve))
  expect(made).toBeLessThan(10)
  await items.return(undefined)
  expect(source.destroyed).toBe(true)
})
