import { mkdirSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { hostArch } from '../../scripts/vm/arch'
import { resolvePackages } from '../../scripts/vm/packages/resolve-packages'
import { unpackPackages } from '../../scripts/vm/packages/unpack-packages'

/**
 * A folder for `DOCKER_CONFIG` by which the host's `docker` has compose and buildx: those that the machine's image is
 * made of, as not every release has a package for them. They are Go programs that any newer Linux runs.
 */
export async function configWithPlugins(dir: string): Promise<string> {
  const plugins = join(dir, 'cli-plugins')
  mkdirSync(plugins, { recursive: true })
  const there = join(await imageTree(), 'usr/libexec/docker/cli-plugins')
  for (const name of ['docker-compose', 'docker-buildx']) symlinkSync(join(there, name), join(plugins, name))
  return dir
}

/** The unpacked packages of the image: there since it was built. */
async function imageTree(): Promise<string> {
  const arch = hostArch()
  const assets = resolve(import.meta.dirname, '../../vm-assets')
  const cacheDir = join(assets, '.cache', arch)
  const listFile = join(assets, 'lists/packages.txt')
  const packages = await resolvePackages({ arch, cacheDir, listFile, isFresh: false })
  const { tree } = await unpackPackages({ arch, cacheDir, packages, say: () => undefined })
  return tree
}
