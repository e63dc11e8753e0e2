import { expect, test } from 'vitest'
import type { FileEntry } from '../../../shared/model'
import type { KnownMount } from './known-root'
import { marked } from './marks'

const kindsIn = (path: string, names: readonly string[], mounts: readonly KnownMount[]) => {
  const entries = names.map((name) => ({ name, kind: 'file', mount: { kind: 'kernel' } }) as FileEntry)
  const list = marked({ road: 'agent', path, entries, removed: [] }, mounts, new Map())
  return list.entries.map(({ mount }) => mount?.kind)
}

test('the files that the engine keeps for a container are the engine’s, what stands for no file is the kernel’s', () => {
  const own = ['hosts', 'hostname', 'resolv.conf']
  const mounts = own.map((name): KnownMount => ({ path: `/etc/${name}`, kind: 'engine' }))
  expect(kindsIn('/etc', own, mounts)).toEqual(['engine', 'engine', 'engine'])
  expect(kindsIn('/', ['proc', 'sys', 'dev'], mounts)).toEqual(['kernel', 'kernel', 'kernel'])
})

test('what a person binds over such a file is a bind', () => {
  expect(kindsIn('/etc', ['hosts'], [{ path: '/etc/hosts', kind: 'bind', source: '/mine' }])).toEqual([
    'bind',
  ])
})
