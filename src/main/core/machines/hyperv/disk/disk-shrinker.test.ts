import { expect, test } from 'vitest'
import { DiskShrinker } from './disk-shrinker'

function shrinkerOf(afterMs: number) {
  const begun: string[] = []
  let finish: () => void = () => undefined
  const shrink = (path: string): Promise<void> => {
    begun.push(path)
    return new Promise((resolve) => (finish = resolve))
  }
  return { shrinker: new DiskShrinker({ shrink }, afterMs), begun, finish: () => finish() }
}

test('a start before it has begun calls it off', async () => {
  const { shrinker, begun } = shrinkerOf(20)
  shrinker.plan('a')
  shrinker.plan('b')
  await shrinker.leave('a')
  await expect.poll(() => begun).toContain('b')
  expect(begun).toEqual(['b'])
})

test('a start in the middle of it waits, until it is over or no longer wanted', async () => {
  const { shrinker, begun, finish } = shrinkerOf(0)
  shrinker.plan('a')
  await expect.poll(() => begun).toEqual(['a'])
  const stopped = new Error('stopped')
  await expect(shrinker.leave('a', AbortSignal.abort(stopped))).rejects.toBe(stopped)
  let isFree = false
  const left = shrinker.leave('a').then(() => (isFree = true))
  await shrinker.leave('b')
  expect(isFree).toBe(false)
  finish()
  await left
  await shrinker.leave('a')
})
