import { expect, test } from 'vitest'
import type { Delta, Engine, EngineId, Slice, Volume } from '../model'
import { applyItem, emptyView, rowsOf } from './inventory-view'

const engine = 'local' as EngineId
const volume = (id: string): Volume => ({
  engine,
  id,
  driver: 'local',
  mountpoint: '/',
  createdAtMs: 0,
  scope: 'local',
  labels: {},
  options: {},
  isAnonymous: false,
})
const slice = (rev: number, ...ids: string[]): Slice => ({
  engine,
  kind: 'volumes',
  rev,
  rows: ids.map(volume),
})
const delta = (rev: number, put: string[], drop: string[] = []): Delta => ({
  engine,
  kind: 'volumes',
  rev,
  put: put.map(volume),
  drop,
})
const names = (view = emptyView): string[] => rowsOf(view, 'volumes').map((row) => row.id)
const start = applyItem(emptyView, {
  kind: 'snapshot',
  engines: [{ id: engine } as Engine],
  roads: [],
  slices: [slice(3, 'a', 'b')],
})

test('a delta puts and drops by id, and the old view stays as it was', () => {
  const next = applyItem(start ?? emptyView, { kind: 'deltas', deltas: [delta(4, ['c'], ['a'])] })
  expect(names(next)).toEqual(['b', 'c'])
  expect(names(start)).toEqual(['a', 'b'])
})

test('a missed delta asks for a snapshot', () => {
  expect(applyItem(start ?? emptyView, { kind: 'deltas', deltas: [delta(5, ['c'])] })).toBeUndefined()
  expect(applyItem(emptyView, { kind: 'deltas', deltas: [delta(1, ['c'])] })).toBeUndefined()
})

test('rows of an engine that went away go with it', () => {
  expect(names(applyItem(start ?? emptyView, { kind: 'engines', engines: [], roads: [] }))).toEqual([])
})

test('a whole slice replaces what was known', () => {
  const next = applyItem(start ?? emptyView, { kind: 'slices', slices: [slice(9, 'z')] })
  expect(names(next)).toEqual(['z'])
  expect(names(applyItem(next ?? emptyView, { kind: 'deltas', deltas: [delta(10, ['y'])] }))).toEqual([
    'z',
    'y',
  ])
})
