import { expect, test } from 'vitest'
import { sample } from '../sample-containers'
import { extend, roundTop, toSeries, within } from './series'

test('counters become rates a second', () => {
  const series = toSeries([
    sample({ atMs: 1000, netRxBytes: 0, blockWriteBytes: 100 }),
    sample({ atMs: 3000, netRxBytes: 4000, blockWriteBytes: 100 }),
  ])
  expect(series.network[1]).toEqual([null, 2000])
  expect(series.disk[2]).toEqual([null, 0])
  expect(series.cpu[0]).toEqual([1, 3])
})

test('a restart begins the counters anew and is no negative rate', () => {
  const series = toSeries([sample({ atMs: 1000, netTxBytes: 9000 }), sample({ atMs: 2000, netTxBytes: 10 })])
  expect(series.network[2]).toEqual([null, null])
})

test('a silence is a gap in every line', () => {
  const series = toSeries([sample({ atMs: 1000, cpuPercent: 5 }), sample({ atMs: 60_000, cpuPercent: 7 })])
  expect(series.cpu).toEqual([
    [1, 2, 60],
    [5, null, 7],
  ])
  expect(series.network[1]).toEqual([null, null, null])
})

test('two samples of one instant make no rate', () => {
  const series = toSeries([sample({ atMs: 1000 }), sample({ atMs: 1000, netRxBytes: 5 })])
  expect(series.network[1]).toEqual([null, null])
})

test('no limit draws no line', () => {
  expect(toSeries([sample({ atMs: 1, memoryLimitBytes: 0 })]).memory[2]).toEqual([null])
})

test('only what is young enough stays', () => {
  const samples = [0, 5000, 10_000].map((atMs) => sample({ atMs }))
  expect(within(samples, 5000).map((s) => s.atMs)).toEqual([5000, 10_000])
  expect(within([], 5)).toEqual([])
})

test('the top of an axis moves in doublings', () => {
  expect(roundTop(0, 1024)).toBe(1024)
  expect(roundTop(5000, 1024)).toBe(8192)
})

test('history grows by what is newer and forgets what is too old', () => {
  const at = (...times: number[]) => times.map((atMs) => sample({ atMs }))
  const history = at(0, 1000)
  expect(extend(history, at(500, 1000), 5000)).toBe(history)
  expect(extend(history, at(1000, 2000), 5000).map((s) => s.atMs)).toEqual([0, 1000, 2000])
  expect(extend(history, at(6000), 5000).map((s) => s.atMs)).toEqual([1000, 6000])
})

test('pressure is a line for each resource, with a gap where it was not told, and none where it never was', () => {
  const pressure = { cpuPercent: 12.5, memoryPercent: 0, ioPercent: 3 }
  const series = toSeries([sample({ atMs: 1000 }), sample({ atMs: 2000, pressure })])
  expect(series.pressure).toEqual([
    [1, 2],
    [null, 12.5],
    [null, 0],
    [null, 3],
  ])
  expect(toSeries([sample({ atMs: 1000, oomKills: 0 })]).pressure).toBeUndefined()
})
