import type { Stats } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

export interface Size {
  readonly bytes: number
  readonly isAtLeast?: boolean
}

/**
 * What a file or folder takes on the disk: holes take nothing, a file with two names counts once, and what is mounted
 * below is another's. An engine's folder may have a million files: after the time limit it is what was counted so far.
 */
export async function sizeOf(path: string, { limitMs = 5000 } = {}): Promise<Size> {
  const root = await lstat(path).catch(() => undefined)
  if (!root) return { bytes: 0 }
  const endMs = performance.now() + limitMs
  const isSecondName = secondNames()
  const waiting = [path]
  let bytes = 0
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (performance.now() > endMs) return { bytes, isAtLeast: true }
    const found = await lstat(next).catch(() => undefined)
    if (!found || found.dev !== root.dev || isSecondName(found)) continue
    bytes += bytesOf(found)
    if (!found.isDirectory()) continue
    const folder = next
    const names = await readdir(folder).catch(() => [])
    for (const name of names) waiting.push(join(folder, name))
  }
  return { bytes }
}

// Windows has no block count: the length is the honest upper limit.
const bytesOf = ({ blocks, size }: Partial<Stats>): number =>
  blocks === undefined ? (size ?? 0) : blocks * 512

/** Whether a file was met before under another name. */
function secondNames(): (found: Stats) => boolean {
  const seen = new Set<number>()
  return (found) => {
    if (found.isDirectory() || found.nlink < 2) return false
    const isSecond = seen.has(found.ino)
    seen.add(found.ino)
    return isSecond
  }
}
