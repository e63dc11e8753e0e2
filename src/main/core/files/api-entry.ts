import type { FileEntry, FileKind, FileVersion } from '../../../shared/model'
import type { PathStat } from './archive'
import { nameOf } from './file-name'
import type { TarHead } from './tar/read-tar'

const kinds: Readonly<Record<string, FileKind>> = {
  ...{
    '0': 'file',
    '1': 'file',
    '2': 'link',
    '3': 'char',
    '4': 'block',
    '5': 'folder',
    '6': 'pipe',
    '7': 'file',
  },
}
export const kindOfHead = ({ type }: TarHead): FileKind => kinds[type] ?? 'unknown'

/** An entry of a tar as an entry of a folder. The size of a hard link stands at its first name only. */
export function entryOfHead(head: TarHead, name: Buffer, sizeOf: (first: Buffer) => number): FileEntry {
  const kind = kindOfHead(head)
  const sizeBytes = head.type === '1' ? sizeOf(head.link) : kind === 'file' ? head.sizeBytes : 0
  return {
    ...nameParts(name),
    ...{ kind, sizeBytes, mode: head.mode, uid: head.uid, gid: head.gid, mtimeMs: head.mtimeS * 1000 },
    ...(kind === 'link' && { link: { target: nameOf(head.link).name } }),
  }
}

function nameParts(bytes: Buffer): Pick<FileEntry, 'name' | 'isEscaped'> {
  const { name, isEscaped } = nameOf(bytes)
  return isEscaped ? { name, isEscaped } : { name }
}

/** As the agent's, without the inode: 0. */
export const versionOf = (stat: PathStat | undefined, head: TarHead): FileVersion =>
  `${stat?.mtime ?? `${head.mtimeS}.000000000`}-${stat?.sizeBytes ?? head.sizeBytes}-0`

/** One road tells an inode, the other does not: time and size must be equal. */
export const isSameVersion = (a: FileVersion, b: FileVersion): boolean => {
  const [one, two] = [a.split('-'), b.split('-')]
  const isKnown = one[2] !== '0' && two[2] !== '0'
  return one[0] === two[0] && one[1] === two[1] && (!isKnown || one[2] === two[2])
}

/** The names of a tar below its first entry: `./a/b`, `base/a/b`, `/a/b`, as parts. */
export function partsBelow(name: Buffer, top: Buffer): Buffer[] {
  const rest = name.subarray(top.length)
  const parts: Buffer[] = []
  for (let from = 0; from < rest.length;) {
    const slash = rest.indexOf(0x2f, from)
    const end = slash < 0 ? rest.length : slash
    if (end > from) parts.push(rest.subarray(from, end))
    from = end + 1
  }
  return parts
}
