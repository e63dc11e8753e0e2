import { expect, test } from 'vitest'
import { shortCommand } from './short-command'

test('a step of the history reads as what was written, not as the builder wrapped it', () => {
  expect(shortCommand('/bin/sh -c #(nop)  CMD ["sh"]')).toBe('CMD ["sh"]')
  expect(shortCommand('/bin/sh -c apt-get update   && true')).toBe('RUN apt-get update && true')
  expect(shortCommand('COPY a b # buildkit')).toBe('COPY a b')
})
