import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mirrorOfHost, sourceLines, urisInText } from './debian-mirror'

test('addresses are found in both forms of a source list', () => {
  expect(urisInText('deb [arch=amd64] http://one/debian stable main\n# deb http://no/debian x main')).toEqual(
    ['http://one/debian'],
  )
  expect(urisInText('Types: deb\nURIs: http://one/debian http://two/debian\nSuites: stable')).toEqual([
    'http://one/debian',
    'http://two/debian',
  ])
})

test('the mirror is the one of this host', async () => {
  const etc = await mkdtemp(join(tmpdir(), 'slipway-apt-'))
  await mkdir(join(etc, 'sources.list.d'))
  await writeFile(join(etc, 'sources.list.d/debian.sources'), 'URIs: http://near/debian/\n')
  expect(await mirrorOfHost(etc)).toEqual({
    main: 'http://near/debian',
    security: 'http://deb.debian.org/debian-security',
  })
  await rm(etc, { recursive: true })
})

test('every source asks for the signature of Debian', () => {
  const lines = sourceLines({ main: 'http://a/debian', security: 'http://a/debian-security' })
  expect(lines).toHaveLength(3)
  expect(
    lines.every((line) => line.includes('signed-by=/usr/share/keyrings/debian-archive-keyring.gpg')),
  ).toBe(true)
})
