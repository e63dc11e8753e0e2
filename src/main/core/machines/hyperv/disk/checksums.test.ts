import { expect, test } from 'vitest'
import { crc32, crc32c } from './checksums'
import { guidBytes } from './guid'

test('both checksums of the nine digits are those of the books', () => {
  expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926)
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283)
})

test('a GUID lies on disk with its first three fields turned round', () => {
  expect(guidBytes('00112233-4455-6677-8899-AABBCCDDEEFF').toString('hex')).toBe(
    '33221100554477668899aabbccddeeff',
  )
  expect(() => guidBytes('0011')).toThrow(/no GUID/)
})
