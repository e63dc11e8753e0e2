import { expect, onTestFinished, test, vi } from 'vitest'
import { AppError } from '../../../shared/errors'
import { Turns } from './turns'

const patient = { address: 'unix:///run/docker.sock', timeoutMs: 60_000 }

/** Work whose end the test decides, and which of it has begun. */
function bench() {
  const begun: string[] = []
  const ends = new Map<string, { end: () => void; fail: (error: Error) => void }>()
  const work = (name: string) => () => {
    begun.push(name)
    return new Promise<string>((resolve, reject) =>
      ends.set(name, { end: () => resolve(name), fail: reject }),
    )
  }
  return {
    begun,
    work,
    end: (name: string) => ends.get(name)?.end(),
    fail: (name: string, error: Error) => ends.get(name)?.fail(error),
  }
}

function stopClock(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
}
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('only so many run at once, the others in their order, also after one that failed', async () => {
  const turns = new Turns(2)
  const { begun, work, end, fail } = bench()
  const all = ['a', 'b', 'c', 'd'].map((name) => turns.run(patient, work(name)))
  const [, , , last] = all
  await settled()
  expect(begun).toEqual(['a', 'b'])
  fail('b', new Error('b failed'))
  await expect(all[1]).rejects.toThrow('b failed')
  await settled()
  expect(begun).toEqual(['a', 'b', 'c'])
  end('c')
  await settled()
  end('d')
  expect(await last).toBe('d')
  end('a')
  // Both places are free again.
  const more = ['e', 'f'].map((name) => turns.run(patient, work(name)))
  await settled()
  expect(begun).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
  end('e')
  end('f')
  expect(await Promise.all(more)).toEqual(['e', 'f'])
})

test('who waits too long, or is called off, is told and takes no turn', async () => {
  const turns = new Turns(1)
  const { begun, work, end } = bench()
  const first = turns.run(patient, work('first'))
  await settled()
  const late = turns.run({ ...patient, timeoutMs: 5 }, work('late'))
  await expect(late).rejects.toMatchObject({ code: 'engine.not-responding' })
  const ending = new AbortController()
  const calledOff = turns.run({ ...patient, signal: ending.signal }, work('called off'))
  const next = turns.run(patient, work('next'))
  ending.abort()
  await expect(calledOff).rejects.toMatchObject({ code: 'cancelled' })
  const after = turns.run({ ...patient, signal: ending.signal }, work('after'))
  await expect(after).rejects.toMatchObject({ code: 'cancelled' })
  end('first')
  await first
  await settled()
  end('next')
  expect(await next).toBe('next')
  expect(begun).toEqual(['first', 'next'])
})

test('who waits behind calls that are answered waits on; behind a silent engine only for its time', async () => {
  stopClock()
  const turns = new Turns(1)
  const { begun, work, end, fail } = bench()
  const wait = { ...patient, timeoutMs: 120 }
  const first = turns.run(wait, work('first'))
  const second = turns.run(wait, work('second'))
  const third = turns.run(wait, work('third'))
  const isTold = expect(third).rejects.toMatchObject({ code: 'engine.not-responding' })
  await settled()
  await vi.advanceTimersByTimeAsync(80)
  end('first')
  await first
  await vi.advanceTimersByTimeAsync(80)
  // Its own time would be over: the one before it was answered meanwhile.
  expect(begun).toEqual(['first', 'second'])
  await vi.advanceTimersByTimeAsync(80)
  await isTold
  fail('second', new AppError('engine.not-responding', 'silent'))
  await expect(second).rejects.toMatchObject({ code: 'engine.not-responding' })
  expect(begun).toEqual(['first', 'second'])
})

test('a deadline that passed is no answer to who waits', async () => {
  stopClock()
  const turns = new Turns(1)
  const { work, fail } = bench()
  const wait = { ...patient, timeoutMs: 60 }
  const first = turns.run(wait, work('first'))
  const others = ['second', 'third'].map((name) => turns.run(wait, work(name)))
  const ends = Promise.allSettled([first, ...others])
  await vi.advanceTimersByTimeAsync(40)
  fail('first', new AppError('engine.not-responding', 'silent'))
  await vi.advanceTimersByTimeAsync(40)
  fail('second', new AppError('engine.not-responding', 'silent'))
  expect((await ends).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
})
