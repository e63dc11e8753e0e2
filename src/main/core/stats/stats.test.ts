import { expect, test } from 'vitest'
import type { EngineId } from '../../../shared/model'
import { Slots } from './slots'
import { cpuReading, statSample, type EngineStats } from './stat-sample'

const ref = { engine: 'local' as EngineId, id: 'web' }
const line = (second: number, totalNs: number, more: EngineStats = {}): EngineStats => ({
  read: `2026-11-21T04:08:0${second}.000000000Z`,
  cpu_stats: { cpu_usage: { total_usage: totalNs }, system_cpu_usage: second * 4e9, online_cpus: 4 },
  memory_stats: { usage: 1000, limit: 5000, stats: { inactive_file: 300 } },
  ...more,
})
const sample = (a: EngineStats, b: EngineStats, isPodman = false) =>
  statSample(ref, b, { before: cpuReading(a)!, now: cpuReading(b)!, isPodman })

test('one busy core is 100 % on a host of four', () => {
  expect(sample(line(1, 1e9), line(2, 2e9)).cpuPercent).toBeCloseTo(100)
  expect(sample(line(1, 1e9), line(2, 2.5e9)).cpuPercent).toBeCloseTo(150)
})

test('without a host counter that fits the clock decides', () => {
  const podman = (second: number, ns: number): EngineStats =>
    line(second, ns, { cpu_stats: { cpu_usage: { total_usage: ns }, system_cpu_usage: 7, online_cpus: 4 } })
  expect(sample(podman(1, 1e9), podman(2, 1.5e9), true).cpuPercent).toBeCloseTo(50)
})

test('counters that began again give 0, never a negative number', () => {
  expect(sample(line(1, 9e9), line(2, 1e9)).cpuPercent).toBe(0)
})

test('memory is usage less inactive file cache, by the name of either cgroup version', () => {
  expect(sample(line(1, 1), line(2, 2)).memoryBytes).toBe(700)
  const v1 = { usage: 1000, limit: 5, stats: { total_inactive_file: 400, inactive_file: 1 } }
  expect(sample(line(1, 1), line(2, 2, { memory_stats: v1 })).memoryBytes).toBe(600)
  const odd = { usage: 100, limit: 5, stats: { inactive_file: 400 } }
  expect(sample(line(1, 1), line(2, 2, { memory_stats: odd })).memoryBytes).toBe(100)
})

test('network and disk are summed over interfaces and devices', () => {
  const io = [
    { op: 'Read', value: 1 },
    { op: 'read', value: 2 },
    { op: 'Write', value: 4 },
    { op: 'Total', value: 100 },
  ]
  const networks = { eth0: { rx_bytes: 1, tx_bytes: 2 }, eth1: { rx_bytes: 10, tx_bytes: 20 } }
  expect(
    sample(line(1, 1), line(2, 2, { networks, blkio_stats: { io_service_bytes_recursive: io } })),
  ).toMatchObject({ netRxBytes: 11, netTxBytes: 22, blockReadBytes: 3, blockWriteBytes: 4, pids: 0 })
})

test('the empty line of a stopped container is no reading', () => {
  expect(cpuReading({ read: '0001-01-01T00:00:00Z', cpu_stats: {}, memory_stats: {} })).toBeUndefined()
  expect(cpuReading({})).toBeUndefined()
})

test('slots are served in order and one who leaves the line takes none', async () => {
  const slots = new Slots(1)
  const never = new AbortController()
  const release = await slots.take(never.signal)
  const leaving = new AbortController()
  const left = slots.take(leaving.signal)
  const third = slots.take(never.signal)
  expect(slots.areWanted).toBe(true)
  leaving.abort(new Error('left'))
  await expect(left).rejects.toThrow('left')
  release()
  release()
  ;(await third)()
  expect(slots.areWanted).toBe(false)
  ;(await slots.take(never.signal))()
})
