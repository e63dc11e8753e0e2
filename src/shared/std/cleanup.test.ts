import { expect, test } from 'vitest'
import { allOrNothing, Cleanup } from './cleanup'

test('steps run newest first and one failure does not skip the rest', async () => {
  const ran: number[] = []
  const cleanup = new Cleanup()
  cleanup.add(() => ran.push(1))
  cleanup.add(() => {
    throw new Error('second')
  })
  cleanup.add(() => ran.push(3))
  await expect(cleanup.close()).rejects.toBeInstanceOf(AggregateError)
  expect(ran).toEqual([3, 1])
})

test('a step added after closing runs at once', async () => {
  const cleanup = new Cleanup()
  await cleanup.close()
  const ran = new Promise((resolve) => cleanup.add(() => resolve('ran')))
  await expect(ran).resolves.toBe('ran')
})

test('closing twice runs each step once', async () => {
  let count = 0
  const cleanup = new Cleanup()
  cleanup.add(() => count++)
  await Promise.all([cleanup.close(), cleanup.close()])
  expect(count).toBe(1)
})

test('what a failed making had made is undone, and its reason told', async () => {
  const undone: string[] = []
  const made = allOrNothing(async (cleanup) => {
    cleanup.add(() => undone.push('first'))
    await Promise.reject(new Error('the second failed'))
  })
  await expect(made).rejects.toThrow('the second failed')
  expect(undone).toEqual(['first'])
  const stuck = allOrNothing(async (cleanup) => {
    cleanup.add(() => Promise.reject(new Error('it is stuck')))
    await Promise.reject(new Error('the second failed'))
  })
  await expect(stuck).rejects.toThrow('the second failed')
  expect(await allOrNothing(() => Promise.resolve('whole'))).toBe('whole')
})
