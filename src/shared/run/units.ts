/** Sizes and durations as the docker command takes them: go-units `RAMInBytes` and Go's `ParseDuration`. */

const sizes: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  t: 1024 ** 4,
  p: 1024 ** 5,
}

/** `512m`, `1.5g`, `64KiB`, `1000`: bytes. `undefined` when it is no size. */
export function parseSize(text: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?) ?([bkmgtp]?)(?:i?b)?$/i.exec(text.trim())
  if (!found) return undefined
  const bytes = Math.floor(Number(found[1]) * (sizes[(found[2] ?? '').toLowerCase()] as number))
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

/** The shortest text that `parseSize` reads back to the same bytes. */
export function formatSize(bytes: number): string {
  for (const unit of ['g', 'm', 'k']) {
    const size = sizes[unit] as number
    if (bytes >= size && bytes % size === 0) return `${bytes / size}${unit}`
  }
  return String(bytes)
}

const secondsOf: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
}

/** `1m30s`, `500ms`, `0`: seconds. `undefined` when it is no duration, or a negative one. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0
  if (!/^\+?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(text)) return undefined
  let nanos = 0
  for (const [, count, unit] of text.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g))
    nanos += Math.round(Number(count) * (secondsOf[unit as string] as number) * 1e9)
  return nanos / 1e9
}

/** Seconds as Go writes durations, without the units that are zero: `1h`, `1m30s`, `500ms`. */
export function formatDuration(seconds: number): string {
  const nanos = Math.round(seconds * 1e9)
  if (nanos === 0) return '0s'
  if (nanos < 1e9) return belowSecond(nanos)
  const hours = Math.floor(nanos / 3600e9)
  const minutes = Math.floor((nanos % 3600e9) / 60e9)
  const rest = (nanos % 60e9) / 1e9
  return `${hours > 0 ? `${hours}h` : ''}${minutes > 0 ? `${minutes}m` : ''}${rest > 0 ? `${rest}s` : ''}`
}

function belowSecond(nanos: number): string {
  if (nanos % 1e6 === 0) return `${nanos / 1e6}ms`
  if (nanos % 1e3 === 0) return `${nanos / 1e3}us`
  return `${nanos}ns`
}
