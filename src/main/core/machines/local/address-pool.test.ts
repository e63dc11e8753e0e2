import { expect, test } from 'vitest'
import { freePool, overlaps, rangeOf, type Range } from './address-pool'
import { rulesFor, undoFor } from './firewall'

test('a pool touches no range in use, and there is none when all is taken', () => {
  const inUse = ['10.213.7.1/24', '10.214.0.0/16', '192.168.0.0/16'].map((c) => rangeOf(c) as Range)
  expect(freePool(inUse)).toBe('10.215')
  expect(freePool([rangeOf('10.0.0.0/8') as Range])).toBeUndefined()
})

test.each(['', 'default', '10.0.0', '10.0.0.256', '10.0.0.0/33', 'fe80::1/64'])('%j is no range', (text) => {
  expect(rangeOf(text)).toBeUndefined()
})

test('ranges overlap by one address and not by none', () => {
  const [a, b, c] = ['10.0.0.0/24', '10.0.0.255', '10.0.1.0/24'].map((x) => rangeOf(x) as Range)
  expect([overlaps(a as Range, b as Range), overlaps(a as Range, c as Range)]).toEqual([true, false])
})

test('what is undone are the chains that were made, and nobody else is named', () => {
  const made = [...rulesFor('10.9').matchAll(/^:(\S+)/gm)].map((match) => match[1])
  const gone = undoFor('10.9').flatMap((rule) => (rule.includes('-X') ? [rule.at(-1)] : []))
  expect(new Set(made)).toEqual(new Set(gone))
  expect(rulesFor('10.9')).not.toMatch(/DOCKER|-F |-P /)
})
