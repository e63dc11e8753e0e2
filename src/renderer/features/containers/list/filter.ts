import type { Container, ContainerState, Health } from '../../../../shared/model'

/** What a person narrowed the list to. Empty strings narrow nothing. */
export interface ListFilter {
  readonly state: ContainerState | ''
  readonly health: Health | 'none' | ''
  readonly engine: string
  /** A project's name; `standalone` is told apart by `isStandalone`, as a project may have any name. */
  readonly project: string
  readonly isStandalone: boolean
}

export const noFilter: ListFilter = { state: '', health: '', engine: '', project: '', isStandalone: false }

export const isNarrowed = (filter: ListFilter): boolean =>
  Boolean(filter.state || filter.health || filter.engine || filter.project || filter.isStandalone)

/** What came out of the remembered settings may be from another version: each part is checked. */
export function toFilter(value: unknown): ListFilter {
  if (typeof value !== 'object' || value === null) return noFilter
  const given = value as Record<string, unknown>
  const word = (key: string): string => (typeof given[key] === 'string' ? given[key] : '')
  const state = word('state')
  const health = word('health')
  return {
    state: (states as readonly string[]).includes(state) ? (state as ContainerState) : '',
    health: (healths as readonly string[]).includes(health) ? (health as Health | 'none') : '',
    engine: word('engine'),
    project: word('project'),
    isStandalone: given['isStandalone'] === true,
  }
}

export const states = [
  'running',
  'paused',
  'restarting',
  'created',
  'exited',
  'dead',
  'removing',
] as const satisfies readonly ContainerState[]
export const healths = ['healthy', 'unhealthy', 'starting', 'none'] as const

/** Every word of the query must be found in the name, image, id, a label or a port. */
export function narrow(
  containers: readonly Container[],
  filter: ListFilter,
  query: string,
): readonly Container[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0 && !isNarrowed(filter)) return containers
  return containers.filter((one) => passes(one, filter) && words.every((word) => holds(one, word)))
}

function passes(one: Container, filter: ListFilter): boolean {
  if (filter.state && one.state !== filter.state) return false
  if (filter.health && (one.health ?? 'none') !== filter.health) return false
  if (filter.engine && one.engine !== filter.engine) return false
  if (filter.isStandalone && one.project !== undefined) return false
  return !filter.project || one.project === filter.project
}

function holds(one: Container, word: string): boolean {
  if (one.name.toLowerCase().includes(word) || one.image.toLowerCase().includes(word)) return true
  if (one.id.startsWith(word)) return true
  return hasPort(one, word) || hasLabel(one, word)
}

/** `8080`, `:8080` and `8080/tcp`; whole numbers, so that `80` does not find `8080`. */
function hasPort(one: Container, word: string): boolean {
  const asked = /^:?(\d{1,5})(?:\/(tcp|udp|sctp))?$/.exec(word)
  if (!asked) return false
  const port = Number(asked[1])
  return one.ports.some(
    (p) => (p.hostPort === port || p.containerPort === port) && (!asked[2] || p.protocol === asked[2]),
  )
}

/** `key`, `value`, or `key=value` in part. */
function hasLabel(one: Container, word: string): boolean {
  for (const [key, value] of Object.entries(one.labels))
    if (`${key}=${value}`.toLowerCase().includes(word)) return true
  return false
}
