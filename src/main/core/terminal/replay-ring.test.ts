import { expect, test } from 'vitest'
import { ReplayRing } from './replay-ring'
import { TerminalModes } from './terminal-modes'

const bytes = (text: string): Buffer => Buffer.from(text)
const text = (data: Uint8Array): string => Buffer.from(data).toString('utf8')

test('what fits is replayed byte for byte, and needs nothing before', () => {
  const ring = new ReplayRing()
  const all = Buffer.from(Array.from({ length: 200_000 }, (_, n) => (n * 7) % 256))
  for (let at = 0; at < all.length; at += 777) ring.push(all.subarray(at, at + 777))
  expect(ring.replay()).toEqual({ from: 0, before: new Uint8Array() })
  expect(Buffer.compare(ring.read(0, all.length), all)).toBe(0)
  expect(Buffer.compare(ring.read(65_500, 100), all.subarray(65_500, 65_600))).toBe(0)
})

test('memory is bounded, and a replay begins at the start of a line', () => {
  const ring = new ReplayRing(128 * 1024)
  for (let n = 0; n < 40_000; n++) ring.push(bytes(`line ${n} é\r\n`))
  expect(ring.end - ring.start).toBeLessThanOrEqual(192 * 1024)
  const { from, before } = ring.replay()
  expect(text(ring.read(from, 20))).toMatch(/^line \d+ é\r\n/)
  expect(text(before)).toBe('\u0018\u001b[!p')
  expect(text(ring.read(ring.end - 14, 100))).toBe('line 39999 é\r\n'.slice(-13))
})

test('a line longer than the ring is cut between characters', () => {
  const ring = new ReplayRing(64 * 1024)
  ring.push(bytes(`a${'한'.repeat(100_000)}`))
  const { from } = ring.replay()
  expect(text(ring.read(from, 3000))).toBe('한'.repeat(1000))
})

test('a replay restores the screen that forgotten bytes had chosen', () => {
  const ring = new ReplayRing(64 * 1024)
  ring.push(bytes('\u001b[?1049h\u001b[?25l\u001b[?2004h\u001b[?2004l'))
  for (let n = 0; n < 30_000; n++) ring.push(bytes(`row ${n}\r\n`))
  expect(text(ring.replay().before)).toBe('\u0018\u001b[!p\u001b[?2004l\u001b[?1049h\u001b[?25l')
})

test('a mode cut between two feeds counts, a reset forgets all, and noise is nothing', () => {
  const modes = new TerminalModes()
  modes.feed(bytes('xx\u001b[?10'))
  modes.feed(bytes('49;1hyy\u001b[31m\u001b[?9999h'))
  expect(modes.restore()).toBe('\u001b[?1049h\u001b[?1h')
  const copy = new TerminalModes(modes)
  copy.feed(bytes('\u001bc'))
  expect(copy.restore()).toBe('')
  expect(modes.restore()).toBe('\u001b[?1049h\u001b[?1h')
  modes.feed(bytes(`\u001b[?${'1;'.repeat(10_000)}h`))
  expect(modes.restore()).toBe('\u001b[?1049h\u001b[?1h')
})

test('a reader at the end reads nothing', () => {
  const ring = new ReplayRing()
  expect(ring.read(0, 10)).toHaveLength(0)
  ring.push(bytes('ab'))
  expect(text(ring.read(1, 10))).toBe('b')
  expect(ring.read(2, 10)).toHaveLength(0)
})
