import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { chooseFiles, globToRegExp } from './choose-files'

let tree: string

beforeEach(async () => {
  tree = await mkdtemp(join(tmpdir(), 'slipway-tree-'))
})
afterEach(() => rm(tree, { recursive: true }))

async function file(path: string, from?: string): Promise<void> {
  await mkdir(dirname(join(tree, path)), { recursive: true })
  if (from) await cp(from, join(tree, path), { dereference: true })
  else await writeFile(join(tree, path), path)
}

test('one star stays in a folder, two do not', () => {
  expect(globToRegExp('a/*.so').test('a/b.so')).toBe(true)
  expect(globToRegExp('a/*.so').test('a/b/c.so')).toBe(false)
  expect(globToRegExp('a/**').test('a/b/c.so')).toBe(true)
})

test('links bring what they point to, all else stays away', async () => {
  await file('usr/bin/real')
  await file('usr/bin/other')
  await symlink('real', join(tree, 'usr/bin/name'))
  expect([...(await chooseFiles(tree, 'amd64', ['/usr/bin/name']))].sort()).toEqual([
    'usr/bin/name',
    'usr/bin/real',
  ])
})

test('a program brings its libraries, and misses those that are not there', async () => {
  await file('usr/bin/env', '/usr/bin/env')
  const choose = (): Promise<Set<string>> => chooseFiles(tree, 'amd64', ['/usr/bin/env'])
  await expect(choose()).rejects.toThrow('/usr/bin/env needs libc.so.6, which no package brought')
  await file('usr/lib/x86_64-linux-gnu/libc.so.6')
  expect([...(await choose())].sort()).toEqual(['usr/bin/env', 'usr/lib/x86_64-linux-gnu/libc.so.6'])
})
