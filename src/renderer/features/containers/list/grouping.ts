import { keyOf, type Container, type EngineId } from '../../../../shared/model'

/** One Compose project of one engine: the same name on two engines is two projects. */
export interface GroupRow {
  readonly kind: 'group'
  readonly key: string
  readonly engine: EngineId
  readonly project: string
  readonly containers: readonly Container[]
  readonly runningCount: number
  readonly unhealthyCount: number
  readonly isCollapsed: boolean
}
export interface ContainerRow {
  readonly kind: 'container'
  readonly key: string
  readonly container: Container
  readonly isInGroup: boolean
}
export type ListRow = GroupRow | ContainerRow

export type SortBy =
  'name' | 'image' | 'state' | 'createdAtMs' | 'engine' | 'cpu' | 'memory' | 'id' | 'project'

export interface Order {
  readonly by: SortBy
  readonly isDescending: boolean
  readonly isUnhealthyFirst: boolean
  /** For what is not in the row itself: live CPU and memory, an engine's name. */
  readonly valueOf?: (container: Container, by: SortBy) => number | string | undefined
}

/** A key that no container's key can equal: those hold `engine/id`. */
export const groupKey = (engine: string, project: string): string => `project:${engine}:${project}`

interface Entry {
  readonly group?: GroupRow
  readonly first: Container
  readonly name: string
  readonly hasUnhealthy: boolean
}

/**
 * The list as it is drawn: projects and containers that stand alone, in one order; a project is
 * followed by its containers unless it is collapsed. A project stands where its first container would,
 * but goes by its own name when the order is by name.
 */
export function toRows(
  containers: readonly Container[],
  order: Order,
  collapsed: ReadonlySet<string>,
): readonly ListRow[] {
  const compare = comparer(order)
  const members = new Map<string, Container[]>()
  const alone: Container[] = []
  for (const one of containers) {
    if (one.project === undefined) alone.push(one)
    else push(members, groupKey(one.engine, one.project), one)
  }
  const entries: Entry[] = alone.map((one) => ({
    first: one,
    name: one.name,
    hasUnhealthy: isUnhealthy(one),
  }))
  for (const [key, list] of members) entries.push(toEntry(key, list.sort(compare), collapsed.has(key)))
  entries.sort(entryComparer(order, compare))
  return entries.flatMap(rowsOf)
}

const isUnhealthy = (one: Container): boolean => one.health === 'unhealthy'

function push(map: Map<string, Container[]>, key: string, one: Container): void {
  const list = map.get(key)
  if (list) list.push(one)
  else map.set(key, [one])
}

function toEntry(key: string, list: readonly Container[], isCollapsed: boolean): Entry {
  const first = list[0] as Container
  const project = first.project ?? ''
  const unhealthyCount = list.filter(isUnhealthy).length
  const runningCount = list.filter((one) => one.state === 'running').length
  return {
    first,
    name: project,
    hasUnhealthy: unhealthyCount > 0,
    group: {
      kind: 'group',
      key,
      engine: first.engine,
      project,
      containers: list,
      runningCount,
      unhealthyCount,
      isCollapsed,
    },
  }
}

function rowsOf(entry: Entry): readonly ListRow[] {
  if (!entry.group) return [toRow(entry.first, false)]
  if (entry.group.isCollapsed) return [entry.group]
  return [entry.group, ...entry.group.containers.map((one) => toRow(one, true))]
}

const toRow = (container: Container, isInGroup: boolean): ContainerRow => ({
  kind: 'container',
  key: keyOf(container),
  container,
  isInGroup,
})

type Compare<T> = (a: T, b: T) => number

// One collator for all comparisons: `localeCompare` makes a new one each time, which a list of 1,000 feels.
const names = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

function comparer(order: Order): Compare<Container> {
  const sign = order.isDescending ? -1 : 1
  return (a, b) => {
    if (order.isUnhealthyFirst && isUnhealthy(a) !== isUnhealthy(b)) return isUnhealthy(a) ? -1 : 1
    return sign * byValue(valueOf(a, order), valueOf(b, order)) || byIdentity(a, b)
  }
}

function entryComparer(order: Order, compare: Compare<Container>): Compare<Entry> {
  const sign = order.isDescending ? -1 : 1
  return (a, b) => {
    if (order.isUnhealthyFirst && a.hasUnhealthy !== b.hasUnhealthy) return a.hasUnhealthy ? -1 : 1
    if (order.by !== 'name') return compare(a.first, b.first)
    return sign * names.compare(a.name, b.name) || byIdentity(a.first, b.first)
  }
}

// Equal rows must never swap places between two ticks: the id decides.
const byIdentity = (a: Container, b: Container): number =>
  names.compare(a.name, b.name) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

function valueOf(one: Container, order: Order): string | number | undefined {
  switch (order.by) {
    case 'name':
    case 'image':
    case 'state':
    case 'id':
    case 'createdAtMs':
    case 'project':
      return one[order.by]
    case 'engine':
      return order.valueOf?.(one, order.by) ?? one.engine
    case 'cpu':
    case 'memory':
      return order.valueOf?.(one, order.by)
  }
}

/** What has no value (the CPU of a stopped container) counts as less than anything. */
function byValue(a: string | number | undefined, b: string | number | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined)
  return typeof a === 'number' && typeof b === 'number' ? a - b : names.compare(String(a), String(b))
}
