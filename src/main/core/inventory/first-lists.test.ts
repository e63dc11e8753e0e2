import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { AppError, type ErrorCode } from '../../../shared/errors'
import { firstLists } from './first-lists'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

type List = Promise<AppError | undefined>

const given: List = Promise.resolve(undefined)
const underWay: List = new Promise(() => undefined)
const refused = (code: ErrorCode): List => Promise.resolve(new AppError(code, 'no'))

/** How it ended within that time. */
async function endOf(lists: readonly List[], withinMs: number): Promise<string> {
  let end = 'waits'
  firstLists(lists).then(
    () => (end = 'enough'),
    (error: unknown) => (end = (error as AppError).code),
  )
  await vi.advanceTimersByTimeAsync(withinMs)
  return end
}

test('all that are quick are waited for, and one that lasts only for a moment', async () => {
  expect(await endOf([given, given], 0)).toBe('enough')
  expect(await endOf([given, refused('engine.failed')], 0)).toBe('enough')
  expect(await endOf([given, underWay], 1_900)).toBe('waits')
  expect(await endOf([given, underWay], 2_000)).toBe('enough')
})

test('nothing is not enough, and the first list that comes late is', async () => {
  expect(await endOf([underWay, refused('engine.failed')], 60_000)).toBe('waits')
  const late: List = new Promise((resolve) => setTimeout(resolve, 5_000, undefined))
  expect(await endOf([late, underWay], 5_000)).toBe('enough')
})

test('an engine that refuses all, or says nothing at all, is of no use', async () => {
  expect(await endOf([refused('engine.failed'), refused('engine.failed')], 0)).toBe('engine.failed')
  expect(await endOf([underWay, refused('engine.not-responding')], 0)).toBe('engine.not-responding')
  expect(await endOf([given, refused('engine.not-responding')], 0)).toBe('enough')
})

test('a road that breaks ends the wait at once', async () => {
  const broken: List = Promise.reject(new AppError('engine.unreachable', 'cut'))
  expect(await endOf([given, broken, underWay], 0)).toBe('engine.unreachable')
})
