/** IPv4 ranges as numbers, enough to choose one that nobody on this host uses. */
export interface Range {
  readonly first: number
  readonly last: number
}

/** Reads `10.1.2.3/16` or a lone address; `undefined` for anything else. */
export function rangeOf(cidr: string): Range | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)(?:\/(\d+))?$/.exec(cidr)
  if (!match) return undefined
  const parts = match.slice(1, 5).map(Number)
  const bits = Number(match[5] ?? 32)
  if (parts.some((part) => part > 255) || bits > 32) return undefined
  const address = parts.reduce((sum, part) => sum * 256 + part, 0)
  const size = 2 ** (32 - bits)
  const first = Math.floor(address / size) * size
  return { first, last: first + size - 1 }
}

export const overlaps = (a: Range, b: Range): boolean => a.first <= b.last && b.first <= a.last

/**
 * A private /16 that touches none of the ranges in use, preferring the far end of 10/8, which VPNs and
 * companies use least. `start` moves the first guess, so that several engines spread out. The answer is
 * the first two numbers, `10.213`, or `undefined` when all are taken.
 */
export function freePool(inUse: readonly Range[], start = 213): string | undefined {
  for (let step = 0; step < 255; step++) {
    const second = ((start - 1 + step) % 255) + 1
    const pool = rangeOf(`10.${second}.0.0/16`) as Range
    if (!inUse.some((range) => overlaps(range, pool))) return `10.${second}`
  }
  return undefined
}
