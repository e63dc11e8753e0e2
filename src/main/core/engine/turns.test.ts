import { expect, test } from 'vitest'
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

test('the wait for a turn is part of the time that the work has', async () => {
  const turns = new Turns(1)
  const { work, end } = bench()
  const first = turns.run(patient, work('first'))
  const second = turns.run(patient, (leftMs) => Promise.resolve(leftMs))
  await new Promise((resolve) => setTimeout(resolve, 30))
  end('first')
  await first
  expect(await second).toBeLessThan(patient.timeoutMs - 20)
})
