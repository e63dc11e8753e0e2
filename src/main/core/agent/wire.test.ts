import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { encodeFrame, FrameReader, maxPayloadBytes, type Frame } from './frames'
import { StatTicks } from './stats-ticks'

// The same messages are read by the agent's own tests in native/agent.
interface Golden {
  frames: { name: string; kind: number; id: number; payload: string; hex: string }[]
  bad: { name: string; hex: string }[]
  cut: { name: string; hex: string }[]
}
const fixture = (name: string): unknown =>
  JSON.parse(
    readFileSync(new URL(`../../../../testing/fixtures/agent-wire/${name}`, import.meta.url), 'utf8'),
  )
const golden = fixture('frames.json') as Golden
const plain = ({ kind, id, payload }: Frame) => ({ kind, id, payload: payload.toString('hex') })

test.each(golden.frames)('$name is written and read', ({ kind, id, payload, hex }) => {
  const bytes = encodeFrame(kind as Frame['kind'], id, Buffer.from(payload, 'hex'))
  expect(bytes.toString('hex')).toBe(hex)
  expect(new FrameReader().push(bytes).map(plain)).toEqual([{ kind, id, payload }])
})

test('frames come out whole, however they were cut on the road', () => {
  const road = Buffer.from(golden.frames.map(({ hex }) => hex).join(''), 'hex')
  const want = golden.frames.map(({ kind, id, payload }) => ({ kind, id, payload }))
  for (const step of [1, 2, 3, 7, 11, 64, road.length]) {
    const reader = new FrameReader()
    const got: ReturnType<typeof plain>[] = []
    for (let at = 0; at < road.length; at += step)
      got.push(...reader.push(road.subarray(at, at + step)).map(plain))
    expect(got).toEqual(want)
    expect(reader.pendingBytes).toBe(0)
  }
})

test.each(golden.bad)('$name is refused', ({ hex }) => {
  expect(() => new FrameReader().push(Buffer.from(hex, 'hex'))).toThrow('no frame')
})

test.each(golden.cut)('$name is known as cut', ({ hex }) => {
  const reader = new FrameReader()
  expect(reader.push(Buffer.from(hex, 'hex'))).toEqual([])
  expect(reader.pendingBytes).toBeGreaterThan(0)
})

test('a payload over the limit is not sent', () => {
  expect(() => encodeFrame(6, 1, Buffer.alloc(maxPayloadBytes + 1))).toThrow('too large')
})

interface GoldenTick {
  nowNs: string
  samples: { slot: number; values: number[] }[]
  gone: number[]
  hex: string
}

test('ticks of stats are read back from their differences', () => {
  const { ticks } = fixture('stats.json') as { ticks: GoldenTick[] }
  const decoder = new StatTicks()
  expect(ticks.length).toBeGreaterThan(0)
  for (const { nowNs, samples, gone, hex } of ticks) {
    const tick = decoder.decode(Buffer.from(hex, 'hex'))
    expect(String(tick.nowNs)).toBe(nowNs)
    expect(tick.readings.map((reading): number[] => Object.values(reading))).toEqual(
      samples.map(({ slot, values }): number[] => [slot, ...values]),
    )
    expect(tick.gone).toEqual(gone)
  }
})

test('a tick that is cut is refused', () => {
  const { ticks } = fixture('stats.json') as { ticks: GoldenTick[] }
  const whole = Buffer.from(ticks[0]?.hex ?? '', 'hex')
  // The last field of the last sample is missing: what comes out must not be a wrong number.
  expect(() => new StatTicks().decode(whole.subarray(0, -1))).toThrow('cut')
})
