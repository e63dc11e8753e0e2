import { expect, test, vi } from 'vitest'
import { heartbeat } from './heartbeat'

/** Runs some beats on clocks of the test's own. */
async function beats(
  steps: readonly { wallMs: number; steadyMs: number; isAlive?: boolean }[],
): Promise<string[]> {
  vi.useFakeTimers()
  try {
    const said: string[] = []
    const end = new AbortController()
    let [wall, steady, beat] = [0, 0, 0]
    const running = heartbeat({
      signal: end.signal,
      everyMs: 5000,
      clocks: { wall: () => wall, steady: () => steady },
      isAlive: () => Promise.resolve(steps[beat]?.isAlive ?? true),
      onFrozen: (sinceMs) => said.push(sinceMs === undefined ? 'thawed' : `frozen since ${sinceMs}`),
      onClockJumped: () => said.push('jumped'),
    })
    for (; beat < steps.length;) {
      wall += steps[beat]?.wallMs ?? 0
      steady += steps[beat]?.steadyMs ?? 0
      await vi.advanceTimersByTimeAsync(5000)
      beat++
    }
    end.abort(new Error('over'))
    await running
    return said
  } finally {
    vi.useRealTimers()
  }
}

const fine = { wallMs: 5000, steadyMs: 5000 }

test('time that passes in step is no jump', async () => {
  expect(await beats([fine, fine, { wallMs: 5200, steadyMs: 5150 }])).toEqual([])
})

test('a host that slept, and a clock that was set, are jumps', async () => {
  expect(await beats([fine, { wallMs: 3_600_000, steadyMs: 5000 }])).toEqual(['jumped'])
  expect(await beats([fine, { wallMs: -3_595_000, steadyMs: 5000 }])).toEqual(['jumped'])
  // Where the steady clock goes on in sleep.
  expect(await beats([fine, { wallMs: 60_000, steadyMs: 60_000 }])).toEqual(['jumped'])
})

test('one miss is a busy host; two are a hang, told once, and taken back', async () => {
  const miss = { ...fine, isAlive: false }
  expect(await beats([fine, miss, fine])).toEqual([])
  expect(await beats([fine, miss, miss, miss, fine])).toEqual(['frozen since 10000', 'thawed'])
})
