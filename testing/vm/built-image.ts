import { copyFileSync, existsSync, linkSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ImageFiles } from '../../src/main/core/machines/vm/backend'
import type { ImageSource } from '../../src/main/core/machines/vm/image-source'

const out = join(import.meta.dirname, '..', '..', 'vm-assets', '.out')

/** The image that `npm run vm:build` has made, kept in a folder of the test's: a new build takes the old one away. */
export function builtImages(dir: string): ImageSource {
  const image = keptIn(dir)
  return {
    state: () => Promise.resolve({ way: 'ready', bytes: 0 }),
    ensure: () => Promise.resolve(image),
    find: (id) => Promise.resolve(image.id === id ? image : undefined),
  }
}

function keptIn(dir: string): ImageFiles {
  const noted = join(dir, 'current')
  if (!existsSync(noted)) keep(dir)
  const id = readFileSync(noted, 'utf8').trim()
  const file = (name: string): string => join(dir, name)
  return { id, kernel: file('vmlinuz'), initrd: file('initrd.img'), root: file('root.erofs') }
}

function keep(dir: string): void {
  const current = join(out, 'current')
  if (!existsSync(current)) throw new Error('There is no machine image. Run: npm run vm:build')
  const id = readFileSync(current, 'utf8').trim()
  mkdirSync(dir, { recursive: true })
  for (const name of ['vmlinuz', 'initrd.img', 'root.erofs']) link(join(out, id, name), join(dir, name))
  // Last: a folder without it was cut off half-way.
  copyFileSync(current, join(dir, 'current'))
}

function link(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
    copyFileSync(from, to)
  }
}
