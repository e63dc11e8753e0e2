/** The readers of the engine's byte streams: frames, lines, events. */
import { PassThrough, Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { waitFor } from '../platform/wait-for'
import { demux, Demuxer } from './demux'
import { parseEvent, readEvents, type RawEvent } from './events'
import { LineCutter, readJsonLines } from './json-lines'

function frame(source: number, payload: string | Buffer): Buffer {
  const bytes = Buffer.from(payload)
  const header = Buffer.alloc(8)
  header[0] = source
  header.writeUInt32BE(bytes.length, 4)
  return Buffer.concat([header, bytes])
}

async function join(chunks: readonly Buffer[]): Promise<{ stdout: string; stderr: string; frames: number }> {
  const said = { stdout: '', stderr: '', frames: 0 }
  for await (const { source, bytes, isFrameStart } of demux(Readable.from(chunks))) {
    said[source] += bytes.toString('latin1')
    if (isFrameStart) said.frames++
  }
  return said
}

test('frames are told apart however the bytes are cut', async () => {
  const all = Buffer.concat([
    frame(1, 'out'),
    frame(2, 'err'),
    frame(1, ''),
    frame(0, 'in'),
    frame(1, 'x'.repeat(40)),
  ])
  const expected = { stdout: `outin${'x'.repeat(40)}`, stderr: 'err', frames: 4 }
  for (let size = 1; size <= all.length; size++) {
    const chunks = Array.from({ length: Math.ceil(all.length / size) }, (_, i) =>
      all.subarray(i * size, (i + 1) * size),
    )
    expect(await join(chunks)).toEqual(expected)
  }
})

test('a line of 20 MB in frames of 16 KiB passes without a copy', () => {
  const payload = Buffer.alloc(16 * 1024, 'a')
  const one = frame(1, payload)
  let total = 0
  const demuxer = new Demuxer(({ bytes }) => {
    total += bytes.length
    expect(bytes.buffer).toBe(one.buffer)
  })
  for (let i = 0; i < 1_222; i++) demuxer.push(one)
  expect(total).toBe(1_222 * payload.length)
})

test('what is no frame is a bad answer, and a system error is told in its own words', async () => {
  await expect(join([Buffer.from('plain terminal output')])).rejects.toMatchObject({
    code: 'engine.bad-answer',
  })
  await expect(join([frame(3, 'disk '), frame(1, '')])).rejects.toMatchObject({
    code: 'engine.failed',
    facts: { detail: 'disk ' },
  })
})

async function values(chunks: readonly string[]): Promise<unknown[]> {
  const all: unknown[] = []
  for await (const value of readJsonLines(Readable.from(chunks.map((text) => Buffer.from(text)))))
    all.push(value)
  return all
}

test('JSON lines are read across chunks, with CRLF, empty lines and no newline at the end', async () => {
  expect(await values(['{"a":1}\r\n\r\n{"b"', ':"é', '"}\n\n', '3'])).toEqual([{ a: 1 }, { b: 'é' }, 3])
  expect(await values([])).toEqual([])
})

test('a line that is not JSON is a bad answer', async () => {
  await expect(values(['{"a":1}\n<html>\n'])).rejects.toMatchObject({ code: 'engine.bad-answer' })
})

test('leaving the lines early closes their stream, and so does the signal', async () => {
  const left = new PassThrough()
  left.write('1\n2\n')
  for await (const value of readJsonLines(left)) if (value === 1) break
  expect(left.destroyed).toBe(true)
  const stopped = new PassThrough()
  const ended = new AbortController()
  const reading = readJsonLines(stopped, ended.signal).next()
  ended.abort()
  await expect(reading).rejects.toMatchObject({ code: 'cancelled' })
})

test('a line that is too long is left out, and the next one is whole', () => {
  const lines: string[] = []
  let tooLong = 0
  const cutter = new LineCutter(
    (line) => lines.push(line.toString()),
    () => tooLong++,
    10,
  )
  for (const part of ['short\n', 'x'.repeat(8), 'x'.repeat(8), 'xx\nnext\n', 'y'.repeat(11)])
    cutter.push(Buffer.from(part))
  cutter.end()
  expect({ lines, tooLong }).toEqual({ lines: ['short', 'next'], tooLong: 2 })
})

test('an event is read from every shape, and its hostile attributes are only text', () => {
  const line =
    '{"Type":"container","Action":"die","Actor":{"ID":"a","Attributes":{"__proto__":"p","n":7}},"timeNano":1700000000123456789}'
  const event = parseEvent(Buffer.from(line))
  expect(event).toMatchObject({ type: 'container', action: 'die', id: 'a', atMs: 1_700_000_000_123 })
  expect(Object.keys(event?.attributes ?? {})).toEqual(['__proto__'])
  expect(parseEvent(Buffer.from('{"status":"start","id":"b","time":5}'))).toMatchObject({
    action: 'start',
    id: 'b',
    atMs: 5_000,
  })
  for (const bad of ['', '[]', 'null', '{"cut']) expect(parseEvent(Buffer.from(bad))).toBeUndefined()
})

test('a burst beyond the queue says that events were missed, and the reading goes on', async () => {
  const stream = new PassThrough()
  const heard: RawEvent[] = []
  let missed = 0
  const ended = readEvents(
    stream,
    { onEvents: (events) => heard.push(...events), onMissed: () => missed++ },
    100,
  )
  stream.write('{"Type":"container","Action":"start","id":"x"}\n'.repeat(1_000))
  await waitFor(() => missed > 0, { timeoutMs: 5_000, what: 'the word' })
  stream.write('{"Type":"container","Action":"die","id":"x"}\n')
  await waitFor(() => heard.at(-1)?.action === 'die', { timeoutMs: 5_000, what: 'the next event' })
  expect(heard.length).toBeLessThan(1_000)
  stream.write('not json\n')
  await waitFor(() => missed > 1, { timeoutMs: 5_000, what: 'the unreadable line' })
  stream.end()
  expect(await ended).toBeUndefined()
})
