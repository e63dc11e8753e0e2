import { expect, test } from 'vitest'
import type { EngineId, StatSample } from '../../../shared/model'
import type { AgentClient } from '../agent/agent-client'
import { AgentWatch } from './agent-watch'

const engine = 'local' as EngineId

/** Of the fields behind I/O: OOM kills, pressure of CPU, memory and I/O in hundredths of a percent. */
type Values = readonly [kills: number, cpu: number, memory: number, io: number]

/** Small numbers only: below 64 a zigzag varint is one byte, below 8192 two. */
const zigzag = (value: number): number[] => {
  const plain = value < 0 ? -2 * value - 1 : 2 * value
  return plain < 128 ? [plain] : [(plain & 0x7f) | 0x80, plain >> 7]
}
const values = 0b1111_0000_0000
const mask = [(values & 0x7f) | 0x80, values >> 7]

/** Ticks as the agent sends them, of slots in order: what is told is the difference to the tick before. */
function ticksOf(ticks: readonly (readonly Values[])[]): Buffer[] {
  return ticks.map((slots, n) =>
    Buffer.from([
      ...[100, slots.length],
      ...slots.flatMap((now, slot) => [
        ...[slot, ...mask],
        ...now.flatMap((value, at) => zigzag(value - (ticks[n - 1]?.[slot]?.[at] ?? 0))),
      ]),
    ]),
  )
}

/** The samples of containers `0`, `1`… from these ticks. */
async function samplesOf(ticks: readonly (readonly Values[])[]): Promise<StatSample[]> {
  const frames = ticksOf(ticks)
  const agent = {
    stream: () => ({
      async *[Symbol.asyncIterator]() {
        for (const frame of frames) yield await Promise.resolve(frame)
      },
      send: () => Promise.resolve(),
      cancel: () => undefined,
    }),
  } as unknown as AgentClient
  const watch = new AgentWatch(agent, { engine, memoryBytes: () => 1 })
  const samples: StatSample[] = []
  const follow = (_: unknown, slot: number): Promise<void> =>
    watch.follow({ engine, id: String(slot) }, (one) => samples.push(one), new AbortController().signal)
  await Promise.all((ticks[0] ?? []).map(follow))
  return samples
}

test('kills are counted and pressure is told in percent', async () => {
  const samples = await samplesOf([[[0, 0, 0, 0]], [[2, 1234, 50, 0]], [[3, 1200, 0, 0]]])
  expect(samples).toMatchObject([
    { oomKills: 2, pressure: { cpuPercent: 12.34, memoryPercent: 0.5, ioPercent: 0 } },
    { oomKills: 3, pressure: { cpuPercent: 12, memoryPercent: 0, ioPercent: 0 } },
  ])
})

test('a kernel that never tells pressure has none; once it did for one container, a 0 of another is a 0', async () => {
  const none: Values = [0, 0, 0, 0]
  const samples = await samplesOf([
    [none, none],
    [none, none],
    [none, [0, 0, 0, 7]],
  ])
  const told = samples.map(({ id, pressure }) => [id, pressure])
  const zero = { cpuPercent: 0, memoryPercent: 0, ioPercent: 0 }
  expect(told).toEqual([
    ['0', undefined],
    ['1', undefined],
    ['0', zero],
    ['1', { ...zero, ioPercent: 0.07 }],
  ])
  expect('pressure' in (samples[0] ?? {})).toBe(false)
})
