import { createHash } from 'node:crypto'
import { lstat, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Arch } from './arch'
import { listFiles } from './root/choose-files'
import type { Package } from './packages/resolve-packages'
import { runTool } from './shell'

export interface Inputs {
  readonly arch: Arch
  readonly packages: readonly Package[]
  /** Our own files, folders below the checkout. */
  readonly root: string
  readonly folders: readonly string[]
  /** Our agent's program, when it has been built. */
  readonly agent?: string
}

/** The image's name: the hash of all that it is made of. The same name means the same bytes. */
export async function imageId(inputs: Inputs): Promise<string> {
  const hash = createHash('sha256')
  hash.update(JSON.stringify([inputs.arch, inputs.packages, await toolVersions()]))
  for (const folder of inputs.folders) {
    for (const path of await listFiles(join(inputs.root, folder))) {
      if (path.startsWith('.') || path.includes('.test.')) continue
      hash.update(await lineOf(join(inputs.root, folder, path), `${folder}/${path}`))
    }
  }
  if (inputs.agent) hash.update(await lineOf(inputs.agent, 'agent'))
  return hash.digest('hex').slice(0, 32)
}

async function lineOf(file: string, name: string): Promise<string> {
  const { mode } = await lstat(file)
  const sum = createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
  return `${name} ${mode & 0o100 ? 'x' : '-'} ${sum}\n`
}

/** Other versions of these may lay the same files out differently. */
const toolVersions = (): Promise<string> =>
  runTool('dpkg-query', ['-W', '-f', '${Package} ${Version}\n', 'erofs-utils', 'kmod'])
