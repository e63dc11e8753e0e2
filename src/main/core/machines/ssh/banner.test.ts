import { expect, test } from 'vitest'
import { readableBanner } from './banner'

test('lines stay lines, and empty ones around them go', () => {
  expect(readableBanner('\r\n\r\nFor staff only.\r\n\tCall 4711.  \r\n\r\n')).toBe(
    'For staff only.\n\tCall 4711.',
  )
  expect(readableBanner('')).toBe('')
  expect(readableBanner(' \n\n ')).toBe('')
  expect(readableBanner('허가된 사용자만\n')).toBe('허가된 사용자만')
})

test('nothing of it moves a cursor, colours, names a window or turns letters round', () => {
  expect(readableBanner('\u001b[2J\u001b[1;31mred\u001b[0m')).toBe('red')
  expect(readableBanner('\u001b]0;title\u0007text')).toBe('text')
  expect(readableBanner('\u001b]8;;http://evil.example\u001b\\link\u001b]8;;\u001b\\')).toBe('link')
  expect(readableBanner('a\u0000b\u0008c\u009bd\u202ee')).toBe('a b c d e')
})

test('a page is shown, not a novel', () => {
  expect(readableBanner('x'.repeat(30_000))).toBe(`${'x'.repeat(4000)}…`)
  expect(readableBanner('line\n'.repeat(1000)).split('\n')).toHaveLength(60)
  expect(readableBanner('line\n'.repeat(1000))).toMatch(/line…$/)
})
