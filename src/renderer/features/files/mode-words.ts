import type { FileKind } from '../../../shared/model/file-entry'

const letters: Readonly<Record<FileKind, string>> = {
  file: '-',
  folder: 'd',
  link: 'l',
  char: 'c',
  block: 'b',
  pipe: 'p',
  socket: 's',
  unknown: '?',
}

/** As `ls -l` writes it: `drwxr-sr-t`. */
export function modeWords(kind: FileKind, mode: number): string {
  const bits = [6, 3, 0].map((shift) => (mode >> shift) & 7)
  const triples = bits.map((three, index) => {
    const isSpecial = (mode & (0o4000 >> index)) !== 0
    const mark = index === 2 ? 't' : 's'
    const last = isSpecial ? (three & 1 ? mark : mark.toUpperCase()) : three & 1 ? 'x' : '-'
    return `${three & 4 ? 'r' : '-'}${three & 2 ? 'w' : '-'}${last}`
  })
  return letters[kind] + triples.join('')
}

export const octal = (mode: number): string => mode.toString(8).padStart(mode > 0o777 ? 4 : 3, '0')

/** `644`, `0644`, `4755`; `undefined` for all else. */
export const parseOctal = (text: string): number | undefined =>
  /^[0-7]{3,4}$/.test(text.trim()) ? Number.parseInt(text.trim(), 8) : undefined
