/** From when to when a log is shown. Custom times are `datetime-local` texts, in local time; empty is open. */
export interface LogRange {
  readonly preset: RangePreset
  readonly since: string
  readonly until: string
  /** Around one line that was found: all lines of that time are loaded. */
  readonly isAround?: boolean
}
export const rangePresets = ['all', '5m', '15m', '1h', '24h', 'custom'] as const
export type RangePreset = (typeof rangePresets)[number]

export const wholeLog: LogRange = { preset: 'all', since: '', until: '' }

const minutes: Record<Exclude<RangePreset, 'all' | 'custom'>, number> = {
  '5m': 5,
  '15m': 15,
  '1h': 60,
  '24h': 1440,
}

/** Unix seconds, as the stream asks for them. `isBackwards`: ends before it begins. */
export function boundsOf(
  range: LogRange,
  nowMs: number,
): { readonly since?: number; readonly until?: number; readonly isBackwards: boolean } {
  if (range.preset === 'all') return { isBackwards: false }
  if (range.preset !== 'custom')
    return { since: Math.floor(nowMs / 1000) - minutes[range.preset] * 60, isBackwards: false }
  const since = secondsOf(range.since)
  const until = secondsOf(range.until)
  return {
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    isBackwards: since !== undefined && until !== undefined && until <= since,
  }
}

/** What was written near to one line. */
const aroundMs = 5_000

/** The range around a line's time (RFC 3339). */
export function rangeAround(time: string): LogRange {
  const ms = Date.parse(time)
  return {
    preset: 'custom',
    since: localText(ms - aroundMs),
    until: localText(ms + aroundMs),
    isAround: true,
  }
}

/** As a `datetime-local` field holds it. */
const localText = (ms: number): string =>
  new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 19)

function secondsOf(local: string): number | undefined {
  const ms = Date.parse(local)
  return Number.isNaN(ms) ? undefined : Math.max(0, ms / 1000)
}
