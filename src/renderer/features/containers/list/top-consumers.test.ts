import { expect, test } from 'vitest'
import type { StatSample } from '../../../../shared/model'
import { topOf } from './top-consumers'
import { TotalsHistory } from './totals-history'

const sample = (id: string, cpuPercent: number, memoryBytes: number): StatSample =>
  ({ engine: 'local', id, cpuPercent, memoryBytes }) as StatSample

const all = ['a', 'b', 'c', 'd', 'e', 'f'].map((id, index) => sample(id, index * 10, 100 - index))

test('the five greatest are told, with their share of the greatest; idle ones are not', () => {
  const top = topOf(all, 'cpuPercent')
  expect(top.map(({ value }) => value)).toEqual([50, 40, 30, 20, 10])
  expect(top.map(({ share }) => share)).toEqual([1, 0.8, 0.6, 0.4, 0.2])
  expect(topOf(all, 'memoryBytes')[0]).toMatchObject({ value: 100 })
  expect(topOf([sample('x', 0, 0)], 'cpuPercent')).toEqual([])
})

test('totals are sums over all, kept for five minutes, and begin anew when cleared', () => {
  const history = new TotalsHistory()
  let told = 0
  history.subscribe(() => told++)
  for (let second = 0; second < 400; second++) history.take(all, second * 1000)
  const { times, cpuPercent, memoryBytes, latest } = history.get()
  expect([times.length, cpuPercent.length, memoryBytes.length]).toEqual([300, 300, 300])
  expect([times[0], times.at(-1)]).toEqual([100, 399])
  expect([cpuPercent[0], memoryBytes[0]]).toEqual([150, 585])
  expect(latest).toBe(all)
  history.take([])
  expect(told).toBe(400)
  history.clear()
  expect(history.get().times).toEqual([])
})
