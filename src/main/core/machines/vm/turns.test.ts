import { expect, test } from 'vitest'
import { Turns } from './turns'

const ends = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))

test('steps come one after the other, also after one that failed', async () => {
  const turns = new Turns()
  const seen: string[] = []
  const first = turns.take(async () => {
    await Promise.resolve()
    seen.push('first')
    throw new Error('no')
  })
  const second = turns.take(() => Promise.resolve(seen.push('second')))
  await expect(first).rejects.toThrow('no')
  await second
  expect(seen).toEqual(['first', 'second'])
})

test('who cuts in ends the step under way and those that wait, and is itself not ended', async () => {
  const turns = new Turns()
  const seen: string[] = []
  const results = [
    turns.take(ends),
    turns.take(() => Promise.resolve(seen.push('waited'))),
    turns.cutIn(new Error('cut'), () => Promise.resolve(seen.push('kill'))),
    turns.cutIn(new Error('cut'), () => Promise.resolve(seen.push('kill again'))),
    turns.take(() => Promise.resolve(seen.push('later'))),
  ]
  const ended = await Promise.allSettled(results)
  expect(ended.map(({ status }) => status)).toEqual([
    ...['rejected', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled'],
  ])
  expect(seen).toEqual(['kill', 'kill again', 'later'])
})

test('who waits hears at once that it is given up, while the step before it goes on', async () => {
  const turns = new Turns()
  const asker = new AbortController()
  const seen: string[] = []
  let release = (): void => undefined
  const first = turns.take(() => new Promise<void>((resolve) => (release = resolve)))
  const second = turns.take(() => Promise.resolve(seen.push('second')), asker.signal)
  const third = turns.take(() => Promise.resolve(seen.push('third')))
  asker.abort(new Error('enough'))
  await expect(second).rejects.toThrow('enough')
  expect(seen).toEqual([])
  release()
  await Promise.all([first, third])
  expect(seen).toEqual(['third'])
})

test('a step that has begun tells itself how it ends', async () => {
  const turns = new Turns()
  const asker = new AbortController()
  let begun = (): void => undefined
  const hasBegun = new Promise<void>((resolve) => (begun = resolve))
  const step = (signal: AbortSignal): Promise<string> => {
    begun()
    return ends(signal).catch(() => 'in order')
  }
  const done = turns.take(step, asker.signal)
  await hasBegun
  asker.abort(new Error('enough'))
  expect(await done).toBe('in order')
})

test('a step that its asker gave up before its turn does not begin', async () => {
  const turns = new Turns()
  const asker = new AbortController()
  let release = (): void => undefined
  const first = turns.take(() => new Promise<void>((resolve) => (release = resolve)))
  const second = turns.take(() => Promise.resolve('done'), asker.signal)
  asker.abort(new Error('enough'))
  await Promise.resolve()
  release()
  await first
  await expect(second).rejects.toThrow('enough')
})
