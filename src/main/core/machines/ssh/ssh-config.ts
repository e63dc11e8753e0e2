/** `~/.ssh/config` as ssh reads it: ssh_config(5), the parts that decide where a host is and who we are to it. */
import { readdir, readFile } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import { AppError } from '../../../../shared/errors'
import { log } from '../../platform/log'
import { matchesAny } from './host-pattern'

export interface ConfigFile {
  readonly path: string
  readonly lines: readonly ConfigLine[]
}

export interface ConfigLine {
  /** In small letters: ssh does not tell them apart. */
  readonly keyword: string
  readonly args: readonly string[]
  readonly line: number
  /** What an `Include` names. */
  readonly files?: readonly ConfigFile[]
}

/** Who asks: what `Match` compares with. */
export interface Asked {
  /** As it was typed. */
  readonly host: string
  readonly user?: string
  readonly localUser: string
}

/** What stands in the config for a host. Each keyword's first value counts; some add up. */
export type HostValues = ReadonlyMap<string, readonly string[]>

/** As in ssh: an `Include` that includes itself ends here. */
const maxDepth = 16
const addUp = new Set(['identityfile', 'certificatefile'])

/** Reads the files that are there, the person's before the system's. Throws `ssh.config` for what is no config. */
export async function readConfig(home: string, system = '/etc/ssh'): Promise<ConfigFile[]> {
  const user = await readFileAt(join(home, '.ssh', 'config'), { base: join(home, '.ssh'), home, depth: 0 })
  const all = await readFileAt(join(system, 'ssh_config'), { base: system, home, depth: 0 })
  return [user, all].filter((file) => file !== undefined)
}

interface Place {
  /** Where an `Include` without a slash in front looks. */
  readonly base: string
  readonly home: string
  readonly depth: number
}

async function readFileAt(path: string, place: Place): Promise<ConfigFile | undefined> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return undefined
    throw new AppError('ssh.config', `Cannot read ${path}`, {
      facts: { path, problem: cause.code ?? 'unreadable' },
      cause,
    })
  })
  if (text === undefined) return undefined
  const lines: ConfigLine[] = []
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const words = wordsOf(raw, { path, line: index + 1 })
    const [keyword, ...args] = words
    if (keyword === undefined) continue
    const line = { keyword: keyword.toLowerCase(), args, line: index + 1 }
    lines.push(line.keyword === 'include' ? { ...line, files: await included(args, place) } : line)
  }
  return { path, lines }
}

async function included(patterns: readonly string[], place: Place): Promise<ConfigFile[]> {
  if (place.depth >= maxDepth)
    throw new AppError('ssh.config', 'Includes go round', { facts: { path: place.base } })
  const files: ConfigFile[] = []
  for (const pattern of patterns)
    for (const path of await glob(atHome(pattern, place.home), place.base)) {
      const file = await readFileAt(path, { ...place, depth: place.depth + 1 })
      if (file) files.push(file)
    }
  return files
}

/** `~/x` is at home, `x` beside the config. Stars and question marks stand in any part of the path. */
async function glob(pattern: string, base: string): Promise<string[]> {
  const path = isAbsolute(pattern) ? pattern : join(base, pattern)
  if (!/[*?[]/.test(path)) return [path]
  const [folders, last] = [
    await glob(dirname(path), base),
    path.slice(dirname(path).length).replace(/^\//, ''),
  ]
  const found = folders.map(async (folder) => {
    const names = await readdir(folder).catch(() => [])
    return names
      .filter((name) => matchesAny(name, [last]) && (!name.startsWith('.') || last.startsWith('.')))
      .sort()
      .map((name) => join(folder, name))
  })
  return (await Promise.all(found)).flat()
}

/** `Keyword value`, `Keyword=value`, values in quotes, `#` to the end. */
function wordsOf(raw: string, at: { path: string; line: number }): string[] {
  const text = raw.trim()
  if (text === '' || text.startsWith('#')) return []
  const split = /^([^\s="]+)(?:\s*=\s*|\s+|$)(.*)$/.exec(text)
  if (!split) throw badLine(at, text)
  const [, keyword = '', rest = ''] = split
  // A command is the rest of its line, whatever stands in it.
  if (/^(proxycommand|localcommand|remotecommand|knownhostscommand)$/i.test(keyword)) return [keyword, rest]
  const words: string[] = []
  for (const match of rest.matchAll(/"([^"]*)"|(#.*$)|([^\s"]+)|(")/g)) {
    if (match[4] !== undefined) throw badLine(at, text)
    if (match[2] !== undefined) break
    words.push(match[1] ?? match[3] ?? '')
  }
  return [keyword, ...words]
}

const badLine = ({ path, line }: { path: string; line: number }, text: string): AppError =>
  new AppError('ssh.config', `${path}:${line} cannot be read`, {
    facts: { path, line, problem: text.slice(0, 200) },
  })

export const atHome = (path: string, home: string): string => path.replace(/^~(?=\/|$)/, home)

/** What the config says of a host. */
export function valuesFor(files: readonly ConfigFile[], asked: Asked): HostValues {
  const values = new Map<string, string[]>()
  const walk = (file: ConfigFile, isInForce: boolean): void => {
    let isActive = isInForce
    for (const { keyword, args, files: more } of file.lines) {
      if (keyword === 'host') isActive = isInForce && matchesAny(asked.host, args)
      else if (keyword === 'match') isActive = isInForce && matches(args, { asked, values })
      else if (more) for (const each of more) walk(each, isActive)
      else if (isActive && args.length > 0) take(values, keyword, args)
    }
  }
  for (const file of files) walk(file, true)
  return values
}

function take(values: Map<string, string[]>, keyword: string, args: readonly string[]): void {
  const old = values.get(keyword)
  if (!old) values.set(keyword, [...args])
  else if (addUp.has(keyword)) old.push(...args)
}

interface MatchState {
  readonly asked: Asked
  readonly values: ReadonlyMap<string, readonly string[]>
}

/** `Match` with the criteria that can be told without running anything; a block with others does not count. */
function matches(args: readonly string[], state: MatchState): boolean {
  for (let at = 0; at < args.length; at++) {
    const word = (args[at] as string).toLowerCase()
    const isNot = word.startsWith('!')
    const criterion = isNot ? word.slice(1) : word
    if (criterion === 'all') continue
    if (criterion === 'final' || criterion === 'canonical') return isNot
    const wanted = args[++at]
    const is = criterionOf(criterion, wanted, state)
    if (is === undefined) {
      log.info('ssh', 'a Match block of the config is left out', { criterion })
      return false
    }
    if (is === isNot) return false
  }
  return true
}

function criterionOf(
  name: string,
  wanted: string | undefined,
  { asked, values }: MatchState,
): boolean | undefined {
  if (wanted === undefined) return undefined
  const patterns = wanted.split(',')
  switch (name) {
    case 'host':
      return matchesAny(values.get('hostname')?.[0] ?? asked.host, patterns)
    case 'originalhost':
      return matchesAny(asked.host, patterns)
    case 'user':
      return matchesAny(asked.user ?? values.get('user')?.[0] ?? asked.localUser, patterns)
    case 'localuser':
      return matchesAny(asked.localUser, patterns)
    default:
      return undefined
  }
}

/** Names without stars that the config knows: what a person may want to reach. */
export function hostNames(files: readonly ConfigFile[]): string[] {
  const names = new Set<string>()
  const walk = (file: ConfigFile): void => {
    for (const { keyword, args, files: more } of file.lines) {
      if (keyword === 'host') for (const name of args) if (!/[*?!]/.test(name)) names.add(name)
      more?.forEach(walk)
    }
  }
  files.forEach(walk)
  return [...names]
}
