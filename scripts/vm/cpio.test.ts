import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packCpio } from './cpio'

test('busybox unpacks an archive of ours', () => {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-cpio-'))
  const input = packCpio([
    { path: 'folder/run', mode: 0o100755, bytes: Buffer.from('text') },
    { path: 'folder', mode: 0o040755 },
  ])
  const ran = spawnSync('busybox', ['cpio', '-i'], { cwd: dir, input })
  expect(ran.status).toBe(0)
  expect(readFileSync(join(dir, 'folder/run'), 'utf8')).toBe('text')
  expect(statSync(join(dir, 'folder/run')).mode & 0o777).toBe(0o755)
  rmSync(dir, { recursive: true })
})

test('the order of the entries does not matter', () => {
  const one = { path: 'a', mode: 0o100644, bytes: Buffer.from('1') }
  const two = { path: 'b', mode: 0o100644, bytes: Buffer.from('2') }
  expect(packCpio([one, two])).toEqual(packCpio([two, one]))
})

test('an archive ends where another may be appended', () => {
  expect(packCpio([{ path: 'a', mode: 0o100644, bytes: Buffer.from('123') }]).length % 512).toBe(0)
})
