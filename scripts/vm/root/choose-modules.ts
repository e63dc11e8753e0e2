import { readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { readList } from './list-file'

export interface Modules {
  /** `kernel/…/name.ko.xz`, with all that they depend on. */
  readonly files: readonly string[]
  /** By the second word in the list: names of `.ko` files in the order in which they are to be loaded. */
  readonly orders: ReadonlyMap<string, readonly string[]>
}

/** The kernel's own spelling: files use dashes, the kernel does not care. */
const nameOf = (file: string): string =>
  posix
    .basename(file)
    .replace(/\.ko.*$/, '')
    .replaceAll('-', '_')

/** The modules that a list names and that this kernel has: kernels of other architectures lack some. */
export async function chooseModules(modulesDir: string, listFile: string): Promise<Modules> {
  const dependsOn = parseDependencies(await readFile(join(modulesDir, 'modules.dep'), 'utf8'))
  const byName = new Map([...dependsOn.keys()].map((file) => [nameOf(file), file]))
  const files = new Set<string>()
  const orders = new Map<string, string[]>()
  for (const [wanted = '', list] of await readList(listFile)) {
    const found = wanted.endsWith('/')
      ? [...dependsOn.keys()].filter((file) => file.startsWith(`kernel/${wanted}`))
      : [byName.get(nameOf(wanted))].filter((file) => file !== undefined)
    for (const file of found) {
      // modules.dep names what a module needs in the reverse order of loading.
      const chain = [...(dependsOn.get(file) ?? [])].reverse().concat(file)
      for (const one of chain) files.add(one)
      if (list) orders.set(list, [...new Set([...(orders.get(list) ?? []), ...chain.map(plainName)])])
    }
  }
  return { files: [...files].sort(), orders }
}

const plainName = (file: string): string => posix.basename(file).replace(/\.xz$/, '')

/** `kernel/a.ko.xz: kernel/b.ko.xz kernel/c.ko.xz` a line (modules.dep(5)). */
export function parseDependencies(text: string): Map<string, string[]> {
  const lines = text.split('\n').filter((line) => line.includes(':'))
  return new Map(
    lines.map((line) => {
      const [file = '', rest = ''] = line.split(':')
      return [file, rest.trim().split(/\s+/).filter(Boolean)]
    }),
  )
}
