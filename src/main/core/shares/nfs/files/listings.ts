import { names } from './host-files'
import type { Found } from './node-table'

export interface ListedName {
  readonly name: string
  /** Where to go on after it: made of the name itself, so that it stays true while others come and go. */
  readonly cookie: bigint
}

export interface Listing {
  readonly names: readonly ListedName[]
  /** Where the first name after a cookie is. */
  after(cookie: bigint): number
}

const maxListings = 32
/** Of all kept listings together. */
const maxKeptNames = 200_000

interface Kept {
  readonly stamp: string
  readonly listing: Listing
}

/** Names of folders in the order of their cookies, kept while a client reads them piece by piece. */
export class Listings {
  readonly #kept = new Map<string, Kept>()

  async of({ node, path, stat }: Found): Promise<Listing> {
    const stamp = `${stat.mtimeNs}/${stat.ctimeNs}`
    const kept = this.#kept.get(node.key)
    // A folder that changed within the clock's grain may have changed again under the same times.
    const isSettled = BigInt(Date.now()) * 1_000_000n - stat.mtimeNs > 1_000_000_000n
    if (kept?.stamp === stamp && isSettled) return kept.listing
    const listing = listingOf(await names(path))
    this.#kept.delete(node.key)
    this.#kept.set(node.key, { stamp, listing })
    this.#trim()
    return listing
  }

  clear(): void {
    this.#kept.clear()
  }

  #trim(): void {
    let total = 0
    for (const { listing } of this.#kept.values()) total += listing.names.length
    for (const [key, { listing }] of this.#kept) {
      if (this.#kept.size <= maxListings && total <= maxKeptNames) return
      this.#kept.delete(key)
      total -= listing.names.length
    }
  }
}

/** Cookies 1 and 2 are `.` and `..`; names come after them. */
export function listingOf(found: readonly string[]): Listing {
  const listed = found.map((name) => ({ name, cookie: cookieOf(name) }))
  listed.sort((a, b) => (a.cookie < b.cookie ? -1 : a.cookie > b.cookie ? 1 : a.name < b.name ? -1 : 1))
  let last = 2n
  const own = listed.map(({ name, cookie }) => {
    last = cookie > last ? cookie : last + 1n
    return { name, cookie: last }
  })
  const all = [{ name: '.', cookie: 1n }, { name: '..', cookie: 2n }, ...own]
  return { names: all, after: (cookie) => firstAfter(all, cookie) }
}

function firstAfter(all: readonly ListedName[], cookie: bigint): number {
  let [low, high] = [0, all.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((all[middle] as ListedName).cookie > cookie) high = middle
    else low = middle + 1
  }
  return low
}

/** 62 bits of two FNV-like hashes, past the cookies of `.` and `..`. */
function cookieOf(name: string): bigint {
  let [one, two] = [0x811c9dc5, 0x01234567]
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at)
    one = Math.imul(one ^ code, 0x01000193)
    two = Math.imul(two ^ code, 0x85ebca6b) + one
  }
  return (BigInt((one ^ (one >>> 15)) & 0x3fff_ffff) << 32n) | BigInt((two ^ (two >>> 13)) >>> 0)
}
