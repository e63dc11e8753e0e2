import type { LayerEntryKind } from '../../../../shared/model'

const letters: Readonly<Record<LayerEntryKind, string>> = {
  file: '-',
  folder: 'd',
  link: 'l',
  'char-device': 'c',
  'block-device': 'b',
  pipe: 'p',
  socket: 's',
  unknown: '?',
}

/** `drwxr-xr-x`, as `ls` writes it; setuid, setgid and sticky are `s` and `t` (capital without the x). */
export function modeWords(kind: LayerEntryKind, mode: number): string {
  const three = (shift: number, special: boolean, letter: string): string => {
    const bits = (mode >> shift) & 7
    const runs = (bits & 1) !== 0
    const last = special ? (runs ? letter : letter.toUpperCase()) : runs ? 'x' : '-'
    return `${(bits & 4) !== 0 ? 'r' : '-'}${(bits & 2) !== 0 ? 'w' : '-'}${last}`
  }
  return (
    letters[kind] +
    three(6, (mode & 0o4000) !== 0, 's') +
    three(3, (mode & 0o2000) !== 0, 's') +
    three(0, (mode & 0o1000) !== 0, 't')
  )
}
