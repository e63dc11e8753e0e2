import { expect, test } from 'vitest'
import { deadline } from './deadline'

const aborted = (signal: AbortSignal): Promise<Error> =>
  new Promise((resolve) =>
    signal.addEventListener('abort', () => resolve(signal.reason as Error), { once: true }),
  )

test('a deadline comes, also of a signal that nobody but its listener holds', async () => {
  const outer = new AbortController()
  const waits = Array.from({ length: 50 }, () => aborted(deadline(30, outer.signal)))
  // What the collector takes in practice, it takes under this much garbage.
  const garbage = Array.from({ length: 200 }, () => new Uint8Array(1024 * 1024))
  expect(garbage).toHaveLength(200)
  expect((await Promise.all(waits)).every(({ name }) => name === 'TimeoutError')).toBe(true)
})

test('the outer signal ends it with its own reason, at once when it has aborted already', async () => {
  const outer = new AbortController()
  const inner = deadline(60_000, outer.signal)
  const end = aborted(inner)
  outer.abort(new Error('enough'))
  expect((await end).message).toBe('enough')
  expect((deadline(1, outer.signal).reason as Error).message).toBe('enough')
})
