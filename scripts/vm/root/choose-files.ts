import { readFile, readdir, readlink } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { archFacts, type Arch } from '../arch'
import { readElf } from './elf'

/** `*` stays within a folder, `**` does not. */
export function globToRegExp(glob: string): RegExp {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  const pattern = escaped.replace(/\*\*|\*|\?/g, (sign) =>
    sign === '**' ? '.*' : sign === '*' ? '[^/]*' : '[^/]',
  )
  return new RegExp(`^${pattern}$`)
}

/** The paths below `tree` of all files and links, sorted, without a leading slash. */
export async function listFiles(tree: string, below = ''): Promise<string[]> {
  const entries = await readdir(join(tree, below), { withFileTypes: true })
  const nested = await Promise.all(
    entries.map(async (entry) => {
      const path = posix.join(below, entry.name)
      if (entry.isDirectory()) return await listFiles(tree, path)
      return entry.isFile() || entry.isSymbolicLink() ? [path] : []
    }),
  )
  return nested.flat().sort()
}

/**
 * The files of the unpacked packages that the image keeps: those that `globs` name, what links among them point
 * to, and the libraries that programs among them ask the loader for. A library that is nowhere is an error.
 */
export async function chooseFiles(tree: string, arch: Arch, globs: readonly string[]): Promise<Set<string>> {
  const all = await listFiles(tree)
  const there = new Set(all)
  const kept = new Set<string>()
  const open: string[] = []
  const take = (path: string): void => {
    if (kept.has(path)) return
    kept.add(path)
    open.push(path)
  }
  for (const glob of [...globs, archFacts[arch].loader]) {
    const pattern = globToRegExp(glob.replace(/^\//, ''))
    for (const path of all) if (pattern.test(path)) take(path)
  }
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    for (const needed of await neededBy({ tree, path, there, arch })) take(needed)
  }
  return kept
}

interface Needing {
  readonly tree: string
  readonly path: string
  readonly there: ReadonlySet<string>
  readonly arch: Arch
}

async function neededBy({ tree, path, there, arch }: Needing): Promise<string[]> {
  const target = await readlink(join(tree, path)).catch(() => undefined)
  if (target !== undefined) {
    const to = target.startsWith('/') ? target.slice(1) : posix.join(posix.dirname(path), target)
    return there.has(to) ? [to] : []
  }
  const needs = readElf(await readFile(join(tree, path)))
  if (!needs) return []
  const own = needs.runPaths.map((folder) =>
    folder.replace('$ORIGIN', `/${dirname(path)}`).replace(/^\/+/, ''),
  )
  const folders = [...own, `usr/lib/${archFacts[arch].triplet}`, 'usr/lib', `usr/lib64`]
  return needs.libraries.map((library) => {
    const found = folders.map((folder) => posix.join(folder, library)).find((file) => there.has(file))
    if (found === undefined) throw new Error(`/${path} needs ${library}, which no package brought`)
    return found
  })
}
