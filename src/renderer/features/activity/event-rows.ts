import type { EngineEvent } from '../../../shared/model'

export interface EventRow extends EngineEvent {
  readonly key: string
  /** The attributes in one line: `exitCode=137, image=web`. */
  readonly details: string
}

export function matchingEvents(
  events: readonly EngineEvent[],
  filter: { readonly query: string; readonly type: string; readonly engine: string | undefined },
): readonly EngineEvent[] {
  const words = filter.query.toLowerCase().split(/\s+/).filter(Boolean)
  return events.filter((event) => {
    if (filter.type !== 'all' && event.type !== filter.type) return false
    if (filter.engine !== undefined && event.engine !== filter.engine) return false
    const text = `${event.name} ${event.id} ${event.type} ${event.action} ${detailsOf(event)}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

/** An event has no id of its own; equal ones in the same millisecond are numbered from the oldest. */
export function eventRows(newestFirst: readonly EngineEvent[]): readonly EventRow[] {
  const seen = new Map<string, number>()
  return newestFirst
    .map((_, index) => newestFirst[newestFirst.length - 1 - index] as EngineEvent)
    .map((event) => {
      const base = `${event.engine} ${event.atMs} ${event.type} ${event.action} ${event.id}`
      const count = (seen.get(base) ?? 0) + 1
      seen.set(base, count)
      return { ...event, key: `${base} ${count}`, details: detailsOf(event) }
    })
    .reverse()
}

export const typesOf = (events: readonly EngineEvent[]): readonly string[] =>
  [...new Set(events.map((event) => event.type))].sort()

const detailsOf = (event: EngineEvent): string =>
  Object.entries(event.attributes)
    .filter(([name]) => name !== 'name')
    .map(([name, value]) => `${name}=${value}`)
    .join(', ')
