import { chmod, copyFile, lstat, mkdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Arch } from '../arch'
import { chooseFiles, listFiles } from './choose-files'
import { chooseModules, type Modules } from './choose-modules'
import { readList } from './list-file'
import { runTool } from '../shell'
import { exists } from '../packages/unpack-packages'

export interface StageOptions {
  readonly arch: Arch
  /** The unpacked packages. */
  readonly tree: string
  /** vm-assets. */
  readonly assets: string
  /** Made new: the root file system as it will be. */
  readonly into: string
  readonly kernelVersion: string
  readonly agent?: string
}

export interface Staged {
  /** What of the packages is in the image: paths as the packages name them. */
  readonly usedFiles: ReadonlySet<string>
  readonly modules: Modules
}

/** Lays the root file system out in a folder. Who owns what is decided when it is packed: root, all of it. */
export async function stageRoot(options: StageOptions): Promise<Staged> {
  const { arch, tree, assets, into } = options
  const globs = (await readList(join(assets, 'lists/contents.txt'))).map(([glob = '']) => glob)
  const usedFiles = await chooseFiles(tree, arch, globs)
  await makeFrame(into)
  for (const path of usedFiles) await copyEntry(tree, into, path)
  const modules = await stageModules(options)
  for (const file of modules.files) usedFiles.add(join('usr/lib/modules', options.kernelVersion, file))
  for (const path of await bundleCertificates(tree, into)) usedFiles.add(path)
  for (const path of await listFiles(join(assets, 'root'))) await copyEntry(join(assets, 'root'), into, path)
  await linkPrograms(into, assets)
  if (options.agent) await copyAs(options.agent, join(into, 'usr/libexec/slipway/agent'), 0o755)
  return { usedFiles, modules }
}

/** What the package base-files would bring: the places that mounts and links need. */
async function makeFrame(into: string): Promise<void> {
  const folders = [
    'dev',
    'proc',
    'sys',
    'run',
    'tmp',
    'root',
    'mnt',
    'media',
    'home',
    'etc',
    'var/lib/slipway',
  ]
  const more = [
    'var/log',
    'var/empty',
    'var/tmp',
    'opt',
    'srv',
    'usr/bin',
    'usr/sbin',
    'usr/lib',
    'usr/lib64',
  ]
  for (const folder of [...folders, ...more]) await mkdir(join(into, folder), { recursive: true })
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) await symlink(`usr/${name}`, join(into, name))
  await symlink('/run', join(into, 'var/run'))
  await symlink('/proc/self/mounts', join(into, 'etc/mtab'))
  await chmod(join(into, 'tmp'), 0o1777)
  await chmod(join(into, 'var/tmp'), 0o1777)
  await chmod(join(into, 'root'), 0o700)
}

/** Modes are made plain: what may be run, may be run by all; nothing runs with another's rights. */
async function copyEntry(from: string, to: string, path: string): Promise<void> {
  const source = join(from, path)
  const target = join(to, path)
  const info = await lstat(source)
  await mkdir(dirname(target), { recursive: true })
  if (info.isSymbolicLink()) return symlink(await readlink(source), target)
  return copyAs(source, target, info.mode & 0o100 ? 0o755 : 0o644)
}

async function copyAs(source: string, target: string, mode: number): Promise<void> {
  await copyFile(source, target)
  await chmod(target, mode)
}

/** Unpacked, so that loading one takes no decompressor; indexed anew, as most of them are not there. */
async function stageModules({ tree, assets, into, kernelVersion }: StageOptions): Promise<Modules> {
  const from = join(tree, 'usr/lib/modules', kernelVersion)
  const to = join(into, 'usr/lib/modules', kernelVersion)
  const modules = await chooseModules(from, join(assets, 'lists/modules.txt'))
  for (const file of [...modules.files, 'modules.builtin', 'modules.builtin.modinfo', 'modules.order']) {
    await mkdir(dirname(join(to, file)), { recursive: true })
    await copyAs(join(from, file), join(to, file), 0o644)
  }
  const packed = modules.files.filter((file) => file.endsWith('.xz')).map((file) => join(to, file))
  if (packed.length > 0) await runTool('xz', ['-d', '-f', ...packed])
  await runTool('depmod', ['-b', into, kernelVersion])
  return modules
}

/** What update-ca-certificates would make. A copy stays untouched, to which a machine's own are added. */
async function bundleCertificates(tree: string, into: string): Promise<string[]> {
  const folder = 'usr/share/ca-certificates'
  const files = (await listFiles(tree, folder)).filter((file) => file.endsWith('.crt'))
  const texts = await Promise.all(files.map((file) => readFile(join(tree, file), 'utf8')))
  const bundle = texts.map((text) => `${text.trimEnd()}\n`).join('')
  for (const path of ['etc/ssl/certs/ca-certificates.crt', 'usr/share/slipway/ca-certificates.crt']) {
    await mkdir(dirname(join(into, path)), { recursive: true })
    await writeFile(join(into, path), bundle, { mode: 0o644 })
  }
  return files
}

const kmodNames = ['modprobe', 'insmod', 'rmmod', 'lsmod', 'modinfo', 'depmod']

/** The links that maintainer scripts make: alternatives, and busybox's programs where no better one is. */
async function linkPrograms(into: string, assets: string): Promise<void> {
  const link = async (target: string, path: string): Promise<void> => {
    const name = path.split('/').at(-1) ?? ''
    const places = [path, `usr/bin/${name}`, `usr/sbin/${name}`]
    for (const place of places) if (await isThere(join(into, place))) return
    await symlink(target, join(into, path))
  }
  for (const name of kmodNames) await link('../bin/kmod', `usr/sbin/${name}`)
  for (const family of ['iptables', 'ip6tables']) {
    for (const end of ['', '-save', '-restore'])
      await link(`${family}-legacy${end}`, `usr/sbin/${family}${end}`)
  }
  await link('../bin/busybox', 'usr/sbin/init')
  for (const [name = ''] of await readList(join(assets, 'lists/applets.txt')))
    await link('busybox', `usr/bin/${name}`)
}

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => exists(path),
  )
