import { expect, test } from 'vitest'
import { licencesIn } from './copyright'

const machineReadable = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
License: Apache-2.0

Files: a
License: GPL-2+
 The text of it.

Files: b
License: Apache-2.0
`

test('short names of licences are told once, in their order', () => {
  expect(licencesIn(machineReadable)).toBe('Apache-2.0, GPL-2+')
})

test('a free text is to be read', () => {
  expect(licencesIn('This package is under the GPL.\nLicense: maybe')).toBe('see copyright')
  expect(licencesIn('')).toBe('see copyright')
})
