/** `known_hosts` as sshd(8) describes it. Read before each connection; written only after the person's yes. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { appendFile, mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '../../../../shared/errors'
import { matchesAny } from './host-pattern'

export interface KnownKey {
  readonly type: string
  readonly blob: Buffer
  readonly path: string
  readonly line: number
}

/** What is known of one host. */
export interface KnownHost {
  readonly keys: readonly KnownKey[]
  readonly revoked: readonly KnownKey[]
  /** Known under the bare name although it is asked for with a port: such a key is taken, as ssh does. */
  readonly elsewhere: readonly KnownKey[]
}

export interface HostPlace {
  readonly host: string
  readonly port: number
}

/** As it stands in the file: `host`, or `[host]:port` when the port is not 22. */
export const placeName = ({ host, port }: HostPlace): string =>
  port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`

export async function knownHost(files: readonly string[], place: HostPlace): Promise<KnownHost> {
  const known = { keys: [] as KnownKey[], revoked: [] as KnownKey[], elsewhere: [] as KnownKey[] }
  for (const path of files) {
    const text = await readFile(path, 'utf8').catch(() => '')
    for (const [index, raw] of text.split('\n').entries()) {
      const entry = entryOf(raw)
      const kind = entry && kindOf(entry, place)
      if (entry && kind) known[kind].push({ type: entry.type, blob: entry.blob, path, line: index + 1 })
    }
  }
  return known
}

function kindOf({ marker, names }: Entry, place: HostPlace): keyof KnownHost | undefined {
  const isHere = matchesName(placeName(place), names)
  const isElsewhere = !isHere && place.port !== 22 && matchesName(place.host.toLowerCase(), names)
  if (!isHere && !isElsewhere) return undefined
  if (marker === '@revoked') return 'revoked'
  if (marker !== undefined) return undefined
  return isHere ? 'keys' : 'elsewhere'
}

interface Entry {
  /** `@revoked`; lines of `@cert-authority` vouch for certificates, which are not asked for. */
  readonly marker?: string
  readonly names: string
  readonly type: string
  readonly blob: Buffer
}

function entryOf(raw: string): Entry | undefined {
  const words = raw.trim().split(/\s+/)
  const marker = words[0]?.startsWith('@') ? words.shift() : undefined
  const [names, type, base64] = words
  if (!names || names.startsWith('#') || !type || !base64) return undefined
  const blob = Buffer.from(base64, 'base64')
  if (blob.length < 8) return undefined
  return { ...(marker !== undefined && { marker }), names, type, blob }
}

/** `|1|salt|hash` hides a name: HMAC-SHA1 with the salt as its key. */
function matchesName(name: string, names: string): boolean {
  if (!names.startsWith('|')) return matchesAny(name, names.split(','))
  const [, version, salt, hash] = names.split('|')
  if (version !== '1' || !salt || !hash) return false
  const made = hashed(name, Buffer.from(salt, 'base64'))
  const kept = Buffer.from(hash, 'base64')
  return made.length === kept.length && timingSafeEqual(made, kept)
}

const hashed = (name: string, salt: Buffer): Buffer => createHmac('sha1', salt).update(name).digest()

export type Verdict =
  | { readonly kind: 'known' | 'unknown' }
  | { readonly kind: 'changed'; readonly expected: KnownKey }
  | { readonly kind: 'revoked'; readonly entry: KnownKey }

/**
 * A host that is known by other keys than this one is changed, also when the kind of key differs: known kinds are
 * asked for first, so a host that has the known key would show it.
 */
export function verdictOn(known: KnownHost, blob: Buffer): Verdict {
  const isSame = (key: KnownKey): boolean => key.blob.equals(blob)
  const entry = known.revoked.find(isSame)
  if (entry) return { kind: 'revoked', entry }
  if (known.keys.some(isSame)) return { kind: 'known' }
  const [expected] = known.keys
  if (expected) return { kind: 'changed', expected }
  return known.elsewhere.some(isSame) ? { kind: 'known' } : { kind: 'unknown' }
}

/** Remembers a key that the person has accepted. Throws `file.failed`. */
export async function rememberHost(
  path: string,
  place: HostPlace & { readonly isHashed: boolean },
  key: { readonly type: string; readonly blob: Buffer },
): Promise<void> {
  const name = placeName(place)
  const salt = randomBytes(20)
  const names = place.isHashed
    ? `|1|${salt.toString('base64')}|${hashed(name, salt).toString('base64')}`
    : name
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const gap = (await endsInLine(path)) ? '' : '\n'
    await appendFile(path, `${gap}${names} ${key.type} ${key.blob.toString('base64')}\n`, { mode: 0o600 })
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    throw new AppError('file.failed', `Cannot write ${path}: ${reason}`, { facts: { path, reason }, cause })
  }
}

/** A file whose last line has no end would swallow ours. */
async function endsInLine(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => undefined)
  if (!file) return true
  try {
    const { size } = await file.stat()
    if (size === 0) return true
    const last = Buffer.alloc(1)
    await file.read(last, 0, 1, size - 1)
    return last[0] === 0x0a
  } finally {
    await file.close()
  }
}
