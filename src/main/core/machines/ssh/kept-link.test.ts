import { expect, onTestFinished, test, vi } from 'vitest'
import { AppError } from '../../../../shared/errors'
import { pause } from '../../platform/wait-for'
import { KeptLink } from './kept-link'

test('a host that is gone is asked less and less, and in the end twice a minute', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const triedMs: number[] = []
  const kept = new KeptLink(() => {
    triedMs.push(performance.now())
    return Promise.reject(new AppError('tunnel.unreachable', 'Nobody is there'))
  })
  const { signal } = new AbortController()
  // Somebody wants it all the time, for four minutes.
  const ended = new AbortController()
  const asking = (async () => {
    while (!ended.signal.aborted) {
      await kept.use(signal).catch(() => undefined)
      await pause(50)
    }
  })()
  await vi.advanceTimersByTimeAsync(240_000)
  ended.abort()
  kept.close()
  await vi.advanceTimersByTimeAsync(50)
  await asking
  const waits = triedMs.slice(1).map((atMs, at) => atMs - (triedMs[at] ?? 0))
  // Up to a tenth is taken off at random, and who asks comes each 50 ms.
  waits.forEach((waitMs, at) => {
    const longestMs = Math.min(33_000, 500 * 2 ** at)
    expect(waitMs).toBeGreaterThanOrEqual(longestMs * 0.9 - 1)
    expect(waitMs).toBeLessThanOrEqual(longestMs + 51)
  })
  expect(waits.length).toBeGreaterThan(10)
  expect(waits.length).toBeLessThan(15)
})
