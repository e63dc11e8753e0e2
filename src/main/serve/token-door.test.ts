import { expect, test } from 'vitest'
import { newToken, TokenDoor } from './token-door'

test('a token is 32 random bytes that need no escaping', () => {
  const tokens = Array.from({ length: 50 }, newToken)
  expect(new Set(tokens).size).toBe(50)
  for (const token of tokens) {
    expect(token).toMatch(/^[\w-]{43}$/)
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
  }
})

test.each([
  '',
  ' ',
  'x',
  'right ',
  ' right',
  'RIGHT',
  'righ',
  'rightright',
  'right\u0000',
  '한국어',
  'x'.repeat(1000),
])('%j is not the token', (token) => {
  expect(new TokenDoor('right').refusalAfterMs(token)).toBe(0)
})

test('five wrong tokens a second are answered, more are held, and the right one always passes', () => {
  const clock = { nowMs: 10_000 }
  const door = new TokenDoor('right', () => clock.nowMs)
  const wrong = Array.from({ length: 8 }, () => door.refusalAfterMs('wrong'))
  expect(wrong).toEqual([0, 0, 0, 0, 0, 1000, 1000, 1000])
  expect(door.refusalAfterMs('right')).toBeUndefined()
  clock.nowMs += 1000
  expect(door.refusalAfterMs('wrong')).toBe(0)
})
