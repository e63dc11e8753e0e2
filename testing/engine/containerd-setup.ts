import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import type { TestProject } from 'vitest/node'
import { archFacts, hostArch } from '../../scripts/vm/arch'
import { resolvePackages } from '../../scripts/vm/packages/resolve-packages'
import { unpackPackages } from '../../scripts/vm/packages/unpack-packages'
import { runTool } from '../../scripts/vm/shell'
import { allOrNothing } from '../../src/shared/std/cleanup'
import { setup as setupEngine } from './global-setup'
import { needs } from './start-engine'

/**
 * For Vitest: all test engines of the run are those of our machine's image (Debian stable's), and keep their images in
 * containerd's store, as new installations do. Answers the teardown.
 */
export async function setup(project: Partial<Pick<TestProject, 'provide'>>): Promise<() => Promise<void>> {
  if (process.env['SLIPWAY_TEST_ENGINE'])
    throw new Error('These tests are about an engine of their own: unset SLIPWAY_TEST_ENGINE')
  return allOrNothing(async (cleanup) => {
    const programs = await mkdtemp(join(tmpdir(), 'slt-programs-'))
    cleanup.add(() => rm(programs, { recursive: true, force: true }))
    await placePrograms(programs)
    const config = JSON.stringify({ features: { 'containerd-snapshotter': true } })
    cleanup.add(changeEnv('PATH', [programs, process.env['PATH']].join(delimiter)))
    cleanup.add(changeEnv('SLIPWAY_TEST_ENGINE_CONFIG', config))
    cleanup.add(await setupEngine(project))
    return () => cleanup.close()
  })
}

/** Answers what puts it back. */
function changeEnv(name: string, value: string): () => void {
  const before = process.env[name]
  process.env[name] = value
  return () => {
    if (before === undefined) delete process.env[name]
    else process.env[name] = before
  }
}

/** What an engine is made of, in the packages of the machine's image. */
const paths = [
  'usr/sbin/dockerd',
  'usr/sbin/docker-proxy',
  'usr/sbin/runc',
  'usr/bin/containerd',
  'usr/bin/containerd-shim-runc-v2',
]

/** Copies them, each with the libraries of its own release: this host's may be older. */
async function placePrograms(into: string): Promise<void> {
  await needs('patchelf', 'apt-get install patchelf')
  const root = resolve(import.meta.dirname, '../..')
  const arch = hostArch()
  const cacheDir = join(root, 'vm-assets/.cache', arch)
  const listFile = join(root, 'vm-assets/lists/packages.txt')
  const packages = await resolvePackages({ arch, cacheDir, listFile, isFresh: false })
  const { tree } = await unpackPackages({ arch, cacheDir, packages, say: () => undefined })
  const { loader, triplet } = archFacts[arch]
  for (const path of paths) {
    const program = join(into, path.split('/').at(-1) ?? '')
    await copyFile(join(tree, path), program)
    await runTool('patchelf', [
      ...['--set-interpreter', join(tree, loader), '--force-rpath'],
      ...['--set-rpath', join(tree, 'usr/lib', triplet), program],
    ])
  }
  // Linked to nothing.
  await copyFile(join(tree, 'usr/bin/docker-init'), join(into, 'docker-init'))
}
