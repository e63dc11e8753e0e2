import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ImageFiles } from '../../src/main/core/machines/vm/backend'
import type { ImageSource } from '../../src/main/core/machines/vm/image-source'

const out = join(import.meta.dirname, '..', '..', 'vm-assets', '.out')

/** The image that `npm run vm:build` has made. */
export function builtImage(): ImageFiles {
  const current = join(out, 'current')
  if (!existsSync(current)) throw new Error('There is no machine image: npm run vm:build')
  const id = readFileSync(current, 'utf8').trim()
  const file = (name: string): string => join(out, id, name)
  return { id, kernel: file('vmlinuz'), initrd: file('initrd.img'), root: file('root.erofs') }
}

export const builtImages = (): ImageSource => ({
  state: () => Promise.resolve({ way: 'ready', bytes: 0 }),
  ensure: () => Promise.resolve(builtImage()),
  find: (id) => Promise.resolve(builtImage().id === id ? builtImage() : undefined),
})
