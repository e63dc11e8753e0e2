import type { RunSpec } from '../../../shared/model'

/** Texts that a size or word could not be read from, by the path of their field. */
export type Unread = ReadonlyMap<string, string>

/** The unread texts of the fields that are still there, at the paths where they are now: no other may stop a run. */
export const unreadAfter = (unread: Unread, before: RunSpec, after: RunSpec): Unread =>
  new Map(
    [...unread].flatMap(([path, text]): [string, string][] => {
      const now = pathAfter(path, before.mounts, after.mounts)
      return now === undefined ? [] : [[now, text]]
    }),
  )

type Mounts = RunSpec['mounts']

/** Of the lists only mounts have a size, and only those in memory. */
function pathAfter(path: string, before: Mounts, after: Mounts): string | undefined {
  const [list, index] = path.split('.')
  if (list !== 'mounts' || index === undefined) return path
  const at = placeAfter(Number(index), before, after)
  return after[at]?.type === 'tmpfs' ? `mounts.${at}.tmpfsBytes` : undefined
}

/** A line that moved is the same object; one that was edited is another at its old place. */
function placeAfter(index: number, before: Mounts, after: Mounts): number {
  const line = before[index]
  const moved = line ? after.indexOf(line) : -1
  return moved === -1 && before.length === after.length ? index : moved
}

export function withText(texts: Unread, path: string, text: string | undefined): Unread {
  const next = new Map(texts)
  if (text === undefined) next.delete(path)
  else next.set(path, text)
  return next
}
