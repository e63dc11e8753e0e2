import { expect, test } from 'vitest'
import { contentOf, hexLines, joinBytes } from './file-content'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

test('a NUL makes it binary, and so does what is no UTF-8', () => {
  expect(contentOf(bytes('a\0b')).kind).toBe('binary')
  expect(contentOf(new Uint8Array([0x61, 0xff, 0x62])).kind).toBe('binary')
  expect(contentOf(bytes('가나\n'))).toEqual({ kind: 'text', text: '가나\n' })
})

test('a sign that was cut in two at the end is still text', () => {
  expect(contentOf(bytes('가나').subarray(0, 5))).toEqual({ kind: 'text', text: '가' })
})

test('bytes are shown sixteen a line with their place and their letters', () => {
  const lines = hexLines(bytes('0123456789abcdef!')).split('\n')
  expect(lines[0]).toBe('00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  0123456789abcdef')
  expect(lines[1]?.startsWith('00000010  21 ')).toBe(true)
  expect(lines[1]?.endsWith('  !')).toBe(true)
})

test('chunks are joined in order', () => {
  expect(new TextDecoder().decode(joinBytes([bytes('ab'), bytes(''), bytes('c')]))).toBe('abc')
})
