import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'

const oddNames = [
  'with space',
  '-rf',
  'new\nline',
  'star*?[x]',
  `quote'"$(id)`,
  'e\u0301 한글 ',
  '.hidden',
  '..a',
]

/** Files of a person that nothing may touch: odd names, links out of the folder and into nothing, modes, old times. */
export function plantCanaries(dir: string, outside: string): void {
  mkdirSync(join(dir, 'deep', 'deeper', 'empty'), { recursive: true })
  mkdirSync(outside, { recursive: true })
  writeFileSync(join(outside, 'precious.txt'), 'beside the folder\n')
  for (const name of oddNames) writeFileSync(join(dir, 'deep', name), `I am ${name}\n`)
  writeFileSync(join(dir, 'deep', 'deeper', 'big.bin'), Buffer.alloc(300_000, 7))
  writeFileSync(join(dir, 'read-only.txt'), 'not yours\n', { mode: 0o444 })
  writeFileSync(join(dir, 'own-eyes.txt'), 'mine alone\n', { mode: 0o600 })
  linkSync(join(dir, 'read-only.txt'), join(dir, 'second-name.txt'))
  symlinkSync('read-only.txt', join(dir, 'link'))
  symlinkSync('nowhere/at/all', join(dir, 'dangling'))
  symlinkSync(outside, join(dir, 'way-out'))
  utimesSync(join(dir, 'own-eyes.txt'), 1_000_000_000, 1_000_000_000)
  chmodSync(join(dir, 'deep', 'deeper', 'empty'), 0o555)
}

/** All that a folder holds, a line for each name: kind, mode, owner, links, times of change and content. */
export function treeState(...dirs: readonly string[]): string[] {
  return dirs.flatMap((dir) => ['.', ...namesIn(dir)].map((name) => line(dir, name)))
}

const namesIn = (dir: string): string[] => readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort()

function line(dir: string, name: string): string {
  const path = join(dir, name)
  const found = lstatSync(path)
  const content = found.isFile()
    ? createHash('sha256').update(readFileSync(path)).digest('hex')
    : found.isSymbolicLink()
      ? readlinkSync(path)
      : ''
  const facts = [found.mode.toString(8), found.uid, found.gid, found.nlink, found.mtimeMs, content]
  return `${JSON.stringify(name)} ${facts.join(' ')}`
}
