import { expect, test } from 'vitest'
import { LayerProgress } from './layer-progress'

const of = (id: string, status: string, progressDetail?: { current?: number; total?: number }) => ({
  id,
  status,
  ...(progressDetail && { progressDetail }),
})

test('sums count what was downloaded, whatever each layer does now', () => {
  const state = new LayerProgress()
  state.add({ id: '1', status: 'Pulling from library/x' })
  state.add(of('a', 'Downloading', { current: 30, total: 100 }))
  state.add(of('b', 'Downloading', { current: 50, total: 50 }))
  expect(state.take()).toMatchObject({ doneBytes: 80, totalBytes: 150, note: 'Pulling from library/x' })
  state.add(of('b', 'Extracting', { current: 10, total: 50 }))
  expect(state.take()).toEqual({
    doneBytes: 80,
    totalBytes: 150,
    parts: [{ id: 'b', status: 'Extracting', doneBytes: 10, totalBytes: 50 }],
  })
  state.add(of('a', 'Download complete'))
  expect(state.take()).toMatchObject({ doneBytes: 150, totalBytes: 150 })
  expect(state.take()).toBeUndefined()
})

test('a layer that is there already, or too small to be seen, disturbs no sum', () => {
  const state = new LayerProgress()
  state.add(of('a', 'Already exists'))
  state.add(of('b', 'Extracting', { current: 1, total: 7 }))
  state.add(of('b', 'Pull complete'))
  expect(state.take()).toMatchObject({ doneBytes: 7, totalBytes: 7 })
})

test('what is said again is no news', () => {
  const state = new LayerProgress()
  const still = of('a', 'Downloading', { current: 30, total: 100 })
  expect([state.add(still), state.add(still)]).toEqual([true, false])
  state.take()
  expect([state.add(still), state.take()]).toEqual([false, undefined])
  expect(state.add(of('a', 'Downloading', { current: 31, total: 100 }))).toBe(true)
})

test('seconds are no bytes', () => {
  const state = new LayerProgress()
  state.add(of('a', 'Downloading', { current: 100, total: 100 }))
  state.add({ id: 'a', status: 'Extracting', progressDetail: { current: 3, units: 's' } })
  expect(state.take()).toEqual({
    doneBytes: 100,
    totalBytes: 100,
    parts: [{ id: 'a', status: 'Extracting' }],
  })
})

test('the registry has the next word while a layer is coming, the engine once all are here', () => {
  const state = new LayerProgress()
  const after = (id: string, status: string): string => {
    state.add(of(id, status))
    return state.awaits
  }
  expect(state.awaits).toBe('registry')
  expect(after('a', 'Already exists')).toBe('engine')
  // Of a layer whose content is here, the engine may say no more than this.
  expect(after('b', 'Pulling fs layer')).toBe('either')
  expect(after('c', 'Downloading')).toBe('registry')
  expect(after('c', 'Retrying in 5 seconds')).toBe('registry')
  expect(after('c', 'Download complete')).toBe('either')
  expect(after('b', 'Pull complete')).toBe('engine')
})

test('before an engine tells a size there is none', () => {
  const state = new LayerProgress()
  state.add(of('a', 'Pulling fs layer'))
  expect(state.take()).toEqual({ parts: [{ id: 'a', status: 'Pulling fs layer' }] })
})
