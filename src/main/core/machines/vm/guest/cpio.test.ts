import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { newcArchive, padded } from './cpio'

test('cpio unpacks what was packed: folders, modes, bytes', () => {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-cpio-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const archive = newcArchive([
    { path: 'inject/hostname', content: 'lab\n', mode: 0o644 },
    { path: 'inject/ca/a.crt', content: Buffer.from([0, 1, 2, 255, 4]) },
  ])
  execFileSync('busybox', ['cpio', '-idm'], { cwd: dir, input: archive, stdio: ['pipe', 'ignore', 'ignore'] })
  expect(readFileSync(join(dir, 'inject/hostname'), 'utf8')).toBe('lab\n')
  expect([...readFileSync(join(dir, 'inject/ca/a.crt'))]).toEqual([0, 1, 2, 255, 4])
  expect(statSync(join(dir, 'inject/ca/a.crt')).mode & 0o777).toBe(0o600)
  expect(statSync(join(dir, 'inject')).mode & 0o777).toBe(0o755)
})

test('every entry and the whole end on 4 bytes, and the same files make the same bytes', () => {
  for (let length = 0; length < 9; length++) {
    const file = { path: `inject/${'n'.repeat(length + 1)}`, content: 'x'.repeat(length) }
    expect(newcArchive([file]).length % 4).toBe(0)
    expect(newcArchive([file]).equals(newcArchive([file]))).toBe(true)
  }
  expect(padded(Buffer.from('abcde')).length).toBe(8)
  expect(padded(Buffer.from('abcd')).length).toBe(4)
})
