import { expect, test } from 'vitest'
import { hexLines } from './hex-lines'

test('a line has its place, sixteen bytes and their signs', () => {
  const bytes = new TextEncoder().encode('Slipway\n\0 files here')
  expect(hexLines(bytes).split('\n')).toEqual([
    '00000000  53 6c 69 70 77 61 79 0a  00 20 66 69 6c 65 73 20  Slipway.. files ',
    '00000010  68 65 72 65                                       here',
  ])
  expect(hexLines(new Uint8Array())).toBe('')
})
