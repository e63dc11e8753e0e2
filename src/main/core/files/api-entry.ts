import type { FileEntry, FileKind, FileVersion } from '../../../shared/model'
import type { TarHeader, TarKind } from '../platform/tar/tar-header'
import type { PathStat } from './archive'
import { nameOf } from './file-name'

const kinds: Readonly<Record<TarKind, FileKind>> = {
  ...{ file: 'file', 'hard-link': 'file', link: 'link', folder: 'folder', pipe: 'pipe' },
  ...{ 'char-device': 'char', 'block-device': 'block', other: 'unknown' },
}
export const kindOfHeader = ({ kind }: TarHeader): FileKind => kinds[kind]

/** An entry of a tar as an entry of a folder. The size of a hard link stands at its first name only. */
export function entryOfHeader(header: TarHeader, name: Buffer, sizeOf: (first: Buffer) => number): FileEntry {
  const kind = kindOfHeader(header)
  const sizeBytes = header.kind === 'hard-link' ? sizeOf(header.link) : header.size
  return {
    ...nameParts(name),
    ...{
      kind,
      sizeBytes,
      mode: header.mode,
      uid: header.uid,
      gid: header.gid,
      mtimeMs: header.mtimeS * 1000,
    },
    ...(kind === 'link' && { link: { target: nameOf(header.link).name } }),
  }
}

function nameParts(bytes: Buffer): Pick<FileEntry, 'name' | 'isEscaped'> {
  const { name, isEscaped } = nameOf(bytes)
  return isEscaped ? { name, isEscaped } : { name }
}

/** As the agent's, without the inode: 0. */
export const versionOf = (stat: PathStat | undefined, header: TarHeader): FileVersion =>
  `${stat?.mtime ?? `${header.mtimeS}.000000000`}-${stat?.sizeBytes ?? header.size}-0`

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
