import { copyFile, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { archFacts, type Arch } from './arch'
import { packCpio, type CpioEntry } from './cpio'
import type { Staged } from './root/stage-root'
import { runTool } from './shell'

export interface PackOptions {
  readonly id: string
  readonly arch: Arch
  readonly tree: string
  readonly assets: string
  readonly stage: string
  readonly staged: Staged
  readonly kernelVersion: string
  readonly epochS: number
  readonly into: string
}

/** The names of an image's files, in the order in which a machine needs them. */
export const imageFiles = ['vmlinuz', 'initrd.img', 'root.erofs', 'bootloader.efi', 'licences.txt'] as const

export async function packImage(options: PackOptions): Promise<void> {
  const { arch, tree, into, kernelVersion } = options
  await copyFile(join(tree, 'boot', `vmlinuz-${kernelVersion}`), join(into, 'vmlinuz'))
  await copyFile(join(tree, archFacts[arch].efi), join(into, 'bootloader.efi'))
  await writeFile(join(into, 'initrd.img'), await initramfs(options))
  await packRoot(options)
}

/** busybox, our first program, and the few modules that lead to the root. */
async function initramfs({ assets, stage, staged, kernelVersion }: PackOptions): Promise<Buffer> {
  const folders = ['bin', 'dev', 'proc', 'sys', 'modules', 'lower', 'upper', 'new']
  const { files, orders } = staged.modules
  const modules = new Map(files.map((file) => [file.split('/').at(-1)?.replace(/\.xz$/, '') ?? '', file]))
  const needed = [...new Set([...orders.values()].flat())]
  const text = (lines: readonly string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(''))
  const entries: CpioEntry[] = [
    ...folders.map((path) => ({ path, mode: 0o040755 })),
    { path: 'init', mode: 0o100755, bytes: await readFile(join(assets, 'initramfs/init')) },
    { path: 'bin/busybox', mode: 0o100755, bytes: await readFile(join(stage, 'usr/bin/busybox')) },
    ...[...orders].map(([name, order]) => ({ path: `modules/${name}`, mode: 0o100644, bytes: text(order) })),
  ]
  for (const name of needed) {
    const file = modules.get(name)?.replace(/\.xz$/, '') ?? ''
    const bytes = await readFile(join(stage, 'usr/lib/modules', kernelVersion, file))
    entries.push({ path: `modules/${name}`, mode: 0o100644, bytes })
  }
  return packCpio(entries)
}

/** Not compressed: it boots fastest, and the download is compressed as a whole. */
async function packRoot({ id, stage, epochS, into }: PackOptions): Promise<void> {
  const uuid = id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
  // No extended attributes: those that the builder's own disk adds would be in the image.
  await runTool('mkfs.erofs', [
    '-x-1',
    '--all-root',
    `-T${epochS}`,
    `-U${uuid}`,
    join(into, 'root.erofs'),
    stage,
  ])
}

export async function kernelVersionOf(tree: string): Promise<string> {
  const versions = await readdir(join(tree, 'usr/lib/modules'))
  if (versions.length !== 1 || !versions[0])
    throw new Error(`There must be one kernel, not ${versions.length}`)
  return versions[0]
}
