import { type HandleFields, isSame, isWholeTrail, stepBytes, stepOf } from './file-handle'
import { type BytePath, childOf, type HostStat, lstat, names } from './host-files'
import type { ShareRoot } from './share-root'

export interface Step {
  readonly name: string
  readonly path: BytePath
  readonly stat: HostStat
}

/** Folders that one search may list: with two bytes a name, a way has hardly ever a second candidate. */
const maxListings = 512

/**
 * Finds the file of a handle that this process did not give out, along the trail in it: in each folder the names
 * that could be the next step. What is found counts only when it is the very file that the handle was made for.
 */
export async function findByTrail(
  share: ShareRoot,
  wanted: HandleFields,
): Promise<readonly Step[] | undefined> {
  if (!isWholeTrail(wanted)) return undefined
  const root = await lstat(share.path).catch(() => undefined)
  if (!root?.isDirectory()) return undefined
  const bytes = stepBytes(wanted.depth)
  const open: Step[][] = [[{ name: '', path: share.path, stat: root }]]
  for (let listed = 0; listed <= maxListings;) {
    const way = open.pop()
    if (!way) return undefined
    const here = way.at(-1) as Step
    const depth = way.length - 1
    if (depth === wanted.depth) {
      if (isSame(here.stat, wanted)) return way
      continue
    }
    listed++
    const step = wanted.trail.readUIntBE(depth * bytes, bytes)
    for (const next of await candidates(here, step, bytes))
      if (depth + 1 === wanted.depth || next.stat.isDirectory()) open.push([...way, next])
  }
  return undefined
}

async function candidates(folder: Step, step: number, bytes: 1 | 2): Promise<Step[]> {
  const listed = await names(folder.path).catch((): string[] => [])
  const found: Step[] = []
  for (const name of listed) {
    if (stepOf(name, bytes) !== step) continue
    const path = childOf(folder.path, name)
    const stat = await lstat(path).catch(() => undefined)
    if (stat) found.push({ name, path, stat })
  }
  return found
}
