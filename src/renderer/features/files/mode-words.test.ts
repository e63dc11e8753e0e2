import { expect, test } from 'vitest'
import { modeWords, octal, parseOctal } from './mode-words'

test.each([
  ['folder', 0o755, 'drwxr-xr-x', '755'],
  ['file', 0o644, '-rw-r--r--', '644'],
  ['file', 0o4755, '-rwsr-xr-x', '4755'],
  ['file', 0o2644, '-rw-r-Sr--', '2644'],
  ['folder', 0o1777, 'drwxrwxrwt', '1777'],
  ['folder', 0o1776, 'drwxrwxrwT', '1776'],
  ['file', 0, '----------', '000'],
] as const)('%s %o is %s', (...[kind, mode, words, number]) => {
  expect(modeWords(kind, mode)).toBe(words)
  expect(octal(mode)).toBe(number)
  expect(parseOctal(number)).toBe(mode)
})

test('what is no number of permissions is none', () => {
  for (const text of ['', '7', '888', '12345', '0x1', '-644']) expect(parseOctal(text)).toBeUndefined()
})
