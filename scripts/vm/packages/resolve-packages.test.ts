import { expect, test } from 'vitest'
import { parseIndex, parseUris } from './resolve-packages'

const sum = 'ab'.repeat(32)

test('names and versions are read from what apt would fetch', () => {
  const text = [
    'Reading package lists...',
    `'http://m/debian/pool/main/c/ca/ca_1%2bdeb13u1_all.deb' ca_1%3a1+deb13u1_all.deb 123 MD5Sum:0a`,
    `'http://m/debian/pool/main/z/z/z_2_amd64.deb' z_2_amd64.deb 5 `,
  ].join('\n')
  expect(parseUris(text)).toEqual(['ca=1:1+deb13u1', 'z=2'])
})

test('packages of an index come sorted, each once', () => {
  const paragraph = (name: string): string =>
    `Package: ${name}\nVersion: 1\nArchitecture: all\nSize: 10\nDescription: text\n more: text\nSHA256: ${sum}`
  expect(parseIndex([paragraph('b'), paragraph('a'), paragraph('b')].join('\n\n'))).toEqual([
    { name: 'a', version: '1', arch: 'all', sha256: sum, sizeBytes: 10 },
    { name: 'b', version: '1', arch: 'all', sha256: sum, sizeBytes: 10 },
  ])
})
