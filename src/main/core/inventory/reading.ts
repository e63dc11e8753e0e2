/** Reads an engine's JSON without trust: any field may be missing, null, or of another type. */

export type Answer = Readonly<Record<string, unknown>>

export const isAnswer = (value: unknown): value is Answer =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const answer = (value: unknown): Answer => (isAnswer(value) ? value : {})
export const text = (value: unknown): string => (typeof value === 'string' ? value : '')
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])
export const answers = (value: unknown): readonly Answer[] => list(value).filter(isAnswer)
export const texts = (value: unknown): readonly string[] =>
  list(value).filter((item): item is string => typeof item === 'string')
export const number = (value: unknown): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : 0

/** Seconds since 1970 (lists) or RFC 3339 (inspect, Podman): milliseconds, 0 when unknown. */
export function timeMs(value: unknown): number {
  if (typeof value === 'number') return value > 0 ? value * 1000 : 0
  const parsed = Date.parse(text(value))
  // Go's zero time is the year 1: never.
  return Number.isFinite(parsed) && parsed > 0 ? parsed : 0
}

/** `fromEntries` defines keys, so that a label named `__proto__` is a label and nothing else. */
export function pairs(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(answer(value)).map(([key, item]) => [key, scalar(item)]))
}

/** An own key only: `constructor` is no label unless somebody set it. */
export const pick = (labels: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(labels, key) ? labels[key] || undefined : undefined

const scalar = (value: unknown): string =>
  typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value)
