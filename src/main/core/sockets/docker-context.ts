/** The `docker context` of an engine of ours, in the person's own `~/.docker`: made on wish, undone to the byte. */
import { createHash } from 'node:crypto'
import { lstat, readFile, realpath, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../../../shared/errors'
import { writeAtomic } from '../platform/atomic-file'
import { memberOf, withMember, withoutMember } from './json-member'

export type ContextState = 'absent' | 'there' | 'current' | 'foreign'

export interface ContextOptions {
  /** `~/.docker`, or what `DOCKER_CONFIG` says. */
  readonly dir: string
  /** `slipway`, `slipway-<machine>`. */
  readonly name: string
}

interface Meta {
  readonly Name: string
  readonly Metadata: Readonly<Record<string, unknown>>
  readonly Endpoints: Readonly<Record<string, unknown>>
}

/** Says in a context's metadata that it is ours; docker keeps what it does not know. */
const ours = 'Slipway'
/** What `currentContext` was before we set it: a name, or one of these two. */
const before = 'SlipwayBefore'
const noKey = ''
const noFile = '/'

/** What `docker` sees of it. `foreign`: somebody else made a context of this name. */
export async function contextState({ dir, name }: ContextOptions): Promise<ContextState> {
  const meta = await readMeta(dir, name)
  if (!meta) return 'absent'
  if (meta.Metadata[ours] !== true) return 'foreign'
  const text = await readFile(join(dir, 'config.json'), 'utf8').catch(() => '{}')
  return safely(() => memberOf(text, 'currentContext')) === name ? 'current' : 'there'
}

/** Whether it is ours and leads there: another data folder may have a machine of the same name. */
export async function leadsTo({ dir, name }: ContextOptions, host: string): Promise<boolean> {
  const meta = await readMeta(dir, name)
  const endpoint = meta?.Endpoints['docker'] as { readonly Host?: unknown } | undefined
  return meta?.Metadata[ours] === true && endpoint?.Host === host
}

/** Makes it, or leads it to another address. Throws `file.failed`, `reason: 'foreign-context'`. */
export async function addContext(options: ContextOptions & { readonly host: string }): Promise<void> {
  const { dir, name, host } = options
  const old = await readMeta(dir, name)
  refuseForeign(old, options)
  const meta: Meta = {
    Name: name,
    Metadata: { Description: 'Slipway', ...old?.Metadata, [ours]: true },
    Endpoints: { docker: { Host: host, SkipTLSVerify: false } },
  }
  await writeFileAt(metaFile(dir, name), JSON.stringify(meta), 0o644)
}

/** Takes it away; what was current before it is current again. */
export async function removeContext(options: ContextOptions): Promise<void> {
  const { dir, name } = options
  const meta = await readMeta(dir, name)
  if (!meta) return
  refuseForeign(meta, options)
  await unuseContext(options)
  await rm(metaFile(dir, name), { force: true })
  // Only folders that are empty go: others' contexts stay where they are.
  for (const folder of [contextDir(dir, name), join(dir, 'contexts', 'meta'), join(dir, 'contexts')])
    if (
      !(await rmdir(folder).then(
        () => true,
        () => false,
      ))
    )
      break
}

/** Makes it what `docker` uses when it is not told otherwise. */
export async function useContext(options: ContextOptions): Promise<void> {
  const { dir, name } = options
  const meta = await readMeta(dir, name)
  refuseForeign(meta, options)
  if (!meta) throw failed(metaFile(dir, name), 'no-context')
  const text = await readConfig(dir)
  const last = text === undefined ? noFile : (memberOf(text, 'currentContext') ?? noKey)
  if (last === name) return
  // Noted first: a crash in between leaves a note too many, never one too few.
  const noted: Meta = { ...meta, Metadata: { ...meta.Metadata, [before]: last } }
  await writeFileAt(metaFile(dir, name), JSON.stringify(noted), 0o644)
  await writeConfig(dir, withMember(text ?? '{}', 'currentContext', name))
}

/** Gives `currentContext` back, unless the person has chosen something else meanwhile. */
export async function unuseContext(options: ContextOptions): Promise<void> {
  const { dir, name } = options
  const meta = await readMeta(dir, name)
  refuseForeign(meta, options)
  const text = await readConfig(dir)
  if (!meta || text === undefined || memberOf(text, 'currentContext') !== name) return
  const last = meta.Metadata[before]
  const without = withoutMember(text, 'currentContext')
  if (last === noFile && Object.keys(JSON.parse(without) as object).length === 0)
    await rm(join(dir, 'config.json'))
  else if (typeof last === 'string' && last !== noFile && last !== noKey && (await readMeta(dir, last)))
    await writeConfig(dir, withMember(text, 'currentContext', last))
  else await writeConfig(dir, without)
}

const contextDir = (dir: string, name: string): string =>
  // The CLI names a context's folder by the digest of its name: cli/context/store/metadatastore.go.
  join(dir, 'contexts', 'meta', createHash('sha256').update(name).digest('hex'))
const metaFile = (dir: string, name: string): string => join(contextDir(dir, name), 'meta.json')

async function readMeta(dir: string, name: string): Promise<Meta | undefined> {
  const text = await readFile(metaFile(dir, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw failed(metaFile(dir, name), error.code ?? 'unknown', error)
  })
  if (text === undefined) return undefined
  const meta = safely(() => JSON.parse(text) as Partial<Meta> | null)
  // One that we cannot read is somebody's all the same.
  return { Name: name, Metadata: meta?.Metadata ?? {}, Endpoints: meta?.Endpoints ?? {} }
}

function refuseForeign(meta: Meta | undefined, { dir, name }: ContextOptions): void {
  if (meta && meta.Metadata[ours] !== true) throw failed(metaFile(dir, name), 'foreign-context')
}

/** Throws `file.failed`, `reason: 'not-json'`, rather than touch what it does not understand. */
async function readConfig(dir: string): Promise<string | undefined> {
  const path = join(dir, 'config.json')
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw failed(path, error.code ?? 'unknown', error)
  })
  if (text === undefined) return undefined
  try {
    memberOf(text, 'currentContext')
    return text
  } catch (cause) {
    throw failed(path, 'not-json', cause)
  }
}

async function writeConfig(dir: string, text: string): Promise<void> {
  const path = join(dir, 'config.json')
  // Many keep it among their dotfiles behind a link: the file is replaced, not the link.
  const isLink = await lstat(path).then(
    (file) => file.isSymbolicLink(),
    () => false,
  )
  const target = isLink ? await realpath(path) : path
  const mode = await stat(target).then(
    (file) => file.mode & 0o777,
    () => 0o600,
  )
  await writeFileAt(target, text, mode)
}

async function writeFileAt(path: string, text: string, mode: number): Promise<void> {
  try {
    await writeAtomic(path, text, mode)
  } catch (cause) {
    throw failed(path, (cause as NodeJS.ErrnoException).code ?? 'unknown', cause)
  }
}

const failed = (path: string, reason: string, cause?: unknown): AppError =>
  new AppError('file.failed', `${path}: ${reason}`, { facts: { path, reason, folder: dirname(path) }, cause })

function safely<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
