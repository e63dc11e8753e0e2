import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Ours } from './ours'

/** What a folder holds by what is to become of it. */
export interface Looked {
  readonly ours: string[]
  readonly foreign: string[]
  /** Folders of ours that are links: nobody goes through them. */
  readonly links: string[]
  /** Folders of ours, the inner ones first: to go when they are empty. */
  readonly folders: string[]
}

/** Looks through a folder of ours without following any link. Nothing where there is none. */
export async function lookAt(dir: string, ours: Ours): Promise<Looked> {
  const looked: Looked = { ours: [], foreign: [], links: [], folders: [] }
  await look(dir, ours, looked)
  return looked
}

async function look(dir: string, ours: Ours, looked: Looked): Promise<void> {
  const found = await lstat(dir).catch(() => undefined)
  if (!found) return
  if (found.isSymbolicLink()) return void looked.links.push(dir)
  if (!found.isDirectory()) return void looked.foreign.push(dir)
  for (const name of (await readdir(dir)).sort()) {
    const path = join(dir, name)
    const inside = ours.inside?.(name)
    if (ours.whole(name)) looked.ours.push(path)
    else if (inside) await look(path, inside, looked)
    else looked.foreign.push(path)
  }
  looked.folders.push(dir)
}
