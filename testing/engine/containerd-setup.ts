import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import type { TestProject } from 'vitest/node'
import { archFacts, hostArch } from '../../scripts/vm/arch'
import { resolvePackages } from '../../scripts/vm/packages/resolve-packages'
import { unpackPackages } from '../../scripts/vm/packages/unpack-packages'
import { runTool } from '../../scripts/vm/shell'
import { setup as setupEngine } from './global-setup'
import { needs } from './start-engine'

/**
 * For Vitest: all test engines of the run are those of our machine's image (Debian stable's), and keep their images in
 * containerd's store, as new installations do. Answers the teardown.
 */
export async function setup(
  project: Partial<Pick<TestProject, 'provide'>>,
): Promise<() => Promise<void>> {
  const programs = await mkdtemp(join(tmpdir(), 'slt-programs-'))
  const before = { ...process.env }
  let stop = (): Promise<void> => Promise.resolve()
  const end = async (): Promise<void> => {
    await stop()
    process.env['PATH'] = before['PATH']
    delete process.env['SLIPWAY_TEST_ENGINE_CONFIG']
    await rm(programs, { recursive: true, force: true })
  }
  try {
    await placePrograms(programs)
    process.env['PATH'] = [programs, before['PATH']].join(delimiter)
    process.env['SLIPWAY_TEST_ENGINE_CONFIG'] = JSON.stringify({
      features: { 'containerd-snapshotter': true },
    })
    stop = await setupEngine(project)
  } catch (error) {
    await end()
    throw error
  }
  return end
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
