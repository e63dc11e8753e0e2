import { spawn } from 'node:child_process'
import { readFile, readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { AppError } from '../../../../shared/errors'
import type { ImageArch } from './manifest'

/** What an image is built from: newer files mean that the one that is there may not be the right one. */
const sources = [
  'vm-assets/lists',
  'vm-assets/root',
  'vm-assets/initramfs',
  'scripts/vm',
  'scripts/vm-build.ts',
]

/** The checkout that this code runs from, when it can build images: a release has no `vm-assets`. */
export async function findCheckout(from = import.meta.dirname): Promise<string | undefined> {
  for (let dir = from; ; dir = dirname(dir)) {
    if (await isThere(join(dir, 'vm-assets/lists/packages.txt'))) return dir
    if (dirname(dir) === dir) return undefined
  }
}

/** The folder of the checkout's newest image, when no source is newer than its building. */
export async function builtImage(root: string, arch: ImageArch): Promise<string | undefined> {
  const out = join(root, 'vm-assets/.out')
  const current = join(out, `current-${arch}`)
  try {
    const builtMs = (await stat(current)).mtimeMs
    const times = await Promise.all(sources.map((path) => newestMs(join(root, path))))
    if (Math.max(...times) > builtMs) return undefined
    const dir = join(out, (await readFile(current, 'utf8')).trim())
    return (await isThere(join(dir, 'manifest.json'))) ? dir : undefined
  } catch {
    return undefined
  }
}

interface Building {
  readonly root: string
  readonly arch: ImageArch
  readonly signal: AbortSignal
  /** A line of what it does. */
  readonly say: (line: string) => void
}

/** Runs `vm:build`; answers the folder of the image. Throws `machine.image-build` with its last words. */
export async function buildImage({ root, arch, signal, say }: Building): Promise<string> {
  const tsx = join(root, 'node_modules/tsx/dist/cli.mjs')
  const child = spawn(process.execPath, [tsx, join(root, 'scripts/vm-build.ts'), '--arch', arch], {
    cwd: root,
    // In the desktop app `execPath` is Electron, which is Node when it is told so.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
    killSignal: 'SIGTERM',
  })
  const last: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      last.push(line)
      if (line.trim()) say(line.trim())
    })
  }
  const code = await new Promise<number | null>((resolve) => {
    child.on('error', (error) => last.push(error.message))
    child.on('close', resolve)
  })
  signal.throwIfAborted()
  const dir = code === 0 ? await builtImage(root, arch) : undefined
  if (dir) return dir
  throw new AppError('machine.image-build', 'The machine image could not be built', {
    facts: { detail: last.slice(-5).join('\n') },
  })
}

async function newestMs(path: string): Promise<number> {
  const info = await stat(path)
  if (!info.isDirectory()) return info.mtimeMs
  const nested = await Promise.all((await readdir(path)).map((name) => newestMs(join(path, name))))
  return Math.max(info.mtimeMs, ...nested)
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
