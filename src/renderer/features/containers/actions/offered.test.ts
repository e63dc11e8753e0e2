import { expect, test } from 'vitest'
import { container } from '../sample-containers'
import { anonymousVolumes, isName, isOffered, needsForce, takers, verbs } from './offered'

const offeredIn = (state: string): string[] => verbs.filter((verb) => isOffered(verb, container({ state })))

test('each state offers what the engine would take', () => {
  expect(offeredIn('running')).toEqual(['stop', 'restart', 'pause', 'kill', 'remove'])
  expect(offeredIn('paused')).toEqual(['stop', 'resume', 'kill', 'remove'])
  expect(offeredIn('exited')).toEqual(['start', 'restart', 'remove'])
  expect(offeredIn('created')).toEqual(['start', 'restart', 'remove'])
  expect(offeredIn('dead')).toEqual(['remove'])
  expect(offeredIn('removing')).toEqual([])
})

test('a selection keeps those that can take the verb', () => {
  const mixed = [container({ name: 'a' }), container({ name: 'b', state: 'exited' })]
  expect(takers('start', mixed).map((c) => c.name)).toEqual(['b'])
})

test('what runs needs force to go', () => {
  expect(needsForce(container({ state: 'paused' }))).toBe(true)
  expect(needsForce(container({ state: 'exited' }))).toBe(false)
})

test('names follow the rule of the engine', () => {
  expect(['web', 'Web_1.x-y', '0a'].every(isName)).toBe(true)
  expect(['', 'a', '-web', 'a b', 'a/b', '한글', 'a'.repeat(256)].some(isName)).toBe(false)
})

test('only volumes without a name of their own count as anonymous', () => {
  const hex = 'a'.repeat(64)
  const mounts = [
    { type: 'volume', source: hex, target: '/a', isReadOnly: false },
    { type: 'volume', source: 'data', target: '/b', isReadOnly: false },
    { type: 'bind', source: hex, target: '/c', isReadOnly: false },
  ] as const
  expect(anonymousVolumes(container({ mounts }))).toEqual([hex])
})
