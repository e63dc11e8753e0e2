import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { markSparse } from './sparse-file'

let dir: string
const root = process.env['SystemRoot']

/** What `fsutil sparse setflag` is given, in a Windows of one program. */
const calls = (): Promise<string> => readFile(join(dir, 'calls'), 'utf8').catch(() => '')

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slipway-sparse-'))
  process.env['SystemRoot'] = dir
  await mkdir(join(dir, 'System32'))
  const program = join(dir, 'System32', 'fsutil.exe')
  await writeFile(program, `#!/bin/sh\necho "$#: $*" >>'${dir}/calls'\n[ ! -e '${dir}/fat' ]\n`)
  await chmod(program, 0o755)
})
afterEach(async () => {
  if (root === undefined) delete process.env['SystemRoot']
  else process.env['SystemRoot'] = root
  await rm(dir, { recursive: true, force: true })
})

test('a file on Windows is told to keep its holes; elsewhere nobody is asked', async () => {
  await markSparse('/my disks/data.raw', 'linux')
  expect(await calls()).toBe('')
  await markSparse('/my disks/data.raw', 'win32')
  expect(await calls()).toBe('3: sparse setflag /my disks/data.raw\n')
})

test('a file system without holes is no reason to fail', async () => {
  await writeFile(join(dir, 'fat'), '')
  await markSparse('/data.raw', 'win32')
  await rm(join(dir, 'System32'), { recursive: true })
  await markSparse('/data.raw', 'win32')
})
