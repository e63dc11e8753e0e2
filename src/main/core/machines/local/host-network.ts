import { rangeOf, overlaps, type Range } from './address-pool'
import { run } from '../../platform/child'

/** What `ip -j` tells; only the fields we read. */
interface Link {
  readonly ifname: string
  readonly ifalias?: string
  readonly addr_info?: readonly { readonly local?: string; readonly prefixlen?: number }[]
}
interface Route {
  readonly dst?: string
}

/** Runs `ip` and reads its JSON. An error of `ip` is an empty list: the caller then finds nothing in use. */
async function ipJson<T>(args: readonly string[], signal?: AbortSignal): Promise<readonly T[]> {
  const ran = await run('ip', ['-j', ...args], { timeoutMs: 10_000, ...(signal && { signal }) })
  if (ran.code !== 0 || !ran.stdout.trim()) return []
  return JSON.parse(ran.stdout) as T[]
}

/** Every IPv4 range that an interface or a route of this host holds, the default route aside. */
export async function rangesInUse(signal?: AbortSignal): Promise<Range[]> {
  const links = await ipJson<Link>(['addr', 'show'], signal)
  const routes = await ipJson<Route>(['route', 'show', 'table', 'all'], signal)
  const cidrs = [
    ...links.flatMap((l) => (l.addr_info ?? []).map((a) => `${a.local ?? ''}/${a.prefixlen ?? 32}`)),
    ...routes.map((r) => r.dst ?? ''),
  ]
  return cidrs
    .filter((cidr) => cidr !== 'default')
    .map(rangeOf)
    .filter((range) => range !== undefined)
}

/** Makes a bridge with an address (`10.213.0.1/24`), up. One that is there already is kept. */
export async function makeBridge(name: string, address: string, signal?: AbortSignal): Promise<void> {
  const options = { timeoutMs: 10_000, ...(signal && { signal }) }
  const added = await run('ip', ['link', 'add', 'name', name, 'type', 'bridge'], options)
  if (added.code !== 0 && !added.stderr.includes('File exists')) throw ipFailed(added.stderr)
  const set = await run('ip', ['addr', 'replace', address, 'dev', name], options)
  if (set.code !== 0) throw ipFailed(set.stderr)
  const up = await run('ip', ['link', 'set', 'dev', name, 'up'], options)
  if (up.code !== 0) throw ipFailed(up.stderr)
}

const ipFailed = (words: string): Error => new Error(`ip: ${words.trim()}`)

/**
 * Removes the bridges whose address lies in a pool (`10.213`): the engine's own and those of its networks,
 * which an engine that was killed could not remove. Nothing else on the host is in that pool, as it was
 * chosen so.
 */
export async function removeBridges(pool: string): Promise<void> {
  const range = rangeOf(`${pool}.0.0/16`) as Range
  const links = await ipJson<Link>(['addr', 'show', 'type', 'bridge'])
  for (const link of links) {
    const own = (link.addr_info ?? []).some((a) => {
      const address = rangeOf(a.local ?? '')
      return address !== undefined && overlaps(address, range)
    })
    if (own) await run('ip', ['link', 'del', 'dev', link.ifname], { timeoutMs: 10_000 })
  }
}

/** The notes that bridges of this host bear. */
export async function bridgeNotes(): Promise<string[]> {
  const links = await ipJson<Link>(['link', 'show', 'type', 'bridge'])
  return links.map(({ ifalias }) => ifalias).filter((note) => note !== undefined)
}

/** The names of all interfaces: a bridge cannot take one that any of them has. */
export async function interfaceNames(signal?: AbortSignal): Promise<string[]> {
  return (await ipJson<Link>(['link', 'show'], signal)).map((link) => link.ifname)
}
