import { currentLanguage } from '.'

/**
 * Numbers as people of the current language read them. Components that call these also call `useT`,
 * which draws them anew when the language changes.
 */
const cache = new Map<string, unknown>()

/** Intl formatters cost about 50 us each to make: one per language and kind is kept. */
function cached<F>(kind: string, make: (language: string) => F): F {
  const language = currentLanguage()
  const key = `${language} ${kind}`
  const known = cache.get(key) as F | undefined
  if (known) return known
  const made = make(language)
  cache.set(key, made)
  return made
}

export function formatNumber(value: number, maximumFractionDigits = 0): string {
  return cached(
    `number ${maximumFractionDigits}`,
    (language) => new Intl.NumberFormat(language, { maximumFractionDigits }),
  ).format(value)
}

const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
const binaryUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

/** Decimal like `docker images` (1 kB = 1000 B), or binary like `docker stats` (1 KiB = 1024 B). */
export function formatBytes(bytes: number, base: 'decimal' | 'binary' = 'decimal'): string {
  const step = base === 'decimal' ? 1000 : 1024
  const names = base === 'decimal' ? units : binaryUnits
  let value = Math.max(0, bytes)
  let unit = 0
  // 999.95 would print as 1,000: the next unit takes over from there.
  while (unit < names.length - 1 && (unit === 0 ? value >= step : value >= step - 0.05)) {
    value /= step
    unit++
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1
  return `${formatNumber(value, digits)} ${names[unit] ?? ''}`
}

export const formatRate = (bytesPerSecond: number): string => `${formatBytes(bytesPerSecond)}/s`

/** 100 is the whole: `12.3%`, `250%`. */
export function formatPercent(percent: number): string {
  return `${formatNumber(percent, percent < 100 ? 1 : 0)}%`
}

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['week', 7 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

/** How long ago, in one unit: `5 min. ago`. Under a minute, and in the future: now. */
export function formatAge(atMs: number, nowMs = Date.now()): string {
  const ageMs = nowMs - atMs
  const [unit, unitMs] = steps.find(([, ms]) => ageMs >= ms) ?? ['second', 1000]
  const count = ageMs < 60_000 ? 0 : Math.floor(ageMs / unitMs)
  // `auto` words nothing as "now", but would word one week as "last week".
  const numeric = count === 0 ? 'auto' : 'always'
  return cached(
    `age ${numeric}`,
    (language) => new Intl.RelativeTimeFormat(language, { style: 'short', numeric }),
  ).format(-count, unit)
}

const spans: readonly (readonly ['day' | 'hour' | 'minute' | 'second', number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
]

/** A length of time in its two greatest units: `2 hr 5 min`, `1.4 sec`, `320 ms`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return unitOf('millisecond', Math.max(0, Math.round(ms)), 0)
  if (ms < 60_000) return unitOf('second', ms / 1000, ms < 10_000 ? 1 : 0)
  const first = spans.findIndex(([, span]) => ms >= span)
  const [unit, span] = spans[first] ?? ['second', 1000]
  const whole = unitOf(unit, Math.floor(ms / span), 0)
  const next = spans[first + 1]
  const rest = next ? Math.floor((ms % span) / next[1]) : 0
  return next && rest > 0 ? `${whole} ${unitOf(next[0], rest, 0)}` : whole
}

function unitOf(unit: string, value: number, maximumFractionDigits: number): string {
  return cached(
    `${unit} ${maximumFractionDigits}`,
    (language) =>
      new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits }),
  ).format(value)
}

/** `time`: of day, with seconds. `full`: date and time. `date`: the date. */
export function formatTime(atMs: number, style: 'time' | 'full' | 'date' = 'full'): string {
  return cached(
    `time ${style}`,
    (language) =>
      new Intl.DateTimeFormat(language, {
        ...(style !== 'time' && { dateStyle: 'medium' as const }),
        ...(style !== 'date' && { timeStyle: 'medium' as const }),
      }),
  ).format(atMs)
}
