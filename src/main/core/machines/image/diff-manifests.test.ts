import { expect, test } from 'vitest'
import { diffManifests } from './diff-manifests'
import type { Manifest } from './manifest'

const digit = (one: string): string => one.repeat(64)

function manifest(packages: readonly [string, string][], more: Partial<Manifest> = {}): Manifest {
  return {
    ...{
      format: 1,
      id: 'a'.repeat(32),
      arch: 'amd64',
      distribution: 'debian trixie',
      kernel: '6.12.1',
      epochS: 1,
    },
    files: [{ name: 'vmlinuz', sizeBytes: 10, sha256: digit('1') }],
    packages: packages.map(([name, version]) => ({
      ...{ name, version, arch: 'amd64', sha256: digit('2'), sizeBytes: 1, licence: 'MIT', files: 1 },
    })),
    ...more,
  }
}

test('the same image has no changes', () => {
  const one = manifest([['runc', '1']])
  expect(diffManifests(one, one)).toEqual({ packages: [], files: [] })
})

test('new, gone and other packages are named, by name', () => {
  const before = manifest([
    ['runc', '1'],
    ['socat', '2'],
    ['kmod', '3'],
  ])
  const after = manifest([
    ['runc', '1.1'],
    ['kmod', '3'],
    ['xz', '5'],
  ])
  expect(diffManifests(before, after).packages).toEqual([
    { name: 'runc', from: '1', to: '1.1' },
    { name: 'socat', from: '2' },
    { name: 'xz', to: '5' },
  ])
})

test('a kernel and the files that differ are told', () => {
  const after = manifest([], {
    kernel: '6.12.2',
    files: [{ name: 'vmlinuz', sizeBytes: 12, sha256: digit('3') }],
  })
  expect(diffManifests(manifest([]), after)).toEqual({
    kernel: { from: '6.12.1', to: '6.12.2' },
    packages: [],
    files: [{ name: 'vmlinuz', fromBytes: 10, toBytes: 12 }],
  })
})
