import type { Container, ContainerState, Kind } from '../../../shared/model'
import type { RawEvent } from '../engine/events'

/** What one event makes untrue. */
export type Target =
  /** Ask for this object again. For images `id` may be a reference: a pull names nothing else. */
  | { readonly do: 'read'; readonly kind: Kind; readonly id: string; readonly expected?: Expected }
  | { readonly do: 'drop'; readonly kind: Kind; readonly id: string }
  /** The event does not say which objects it was about. */
  | { readonly do: 'list'; readonly kind: Kind }

/**
 * What a row must tell once it knows of the event. The engine announces an end, a pause or a connection *before*
 * its lists know of it (it logs the event first and checkpoints after), so an answer may be older than its event.
 */
export interface Expected {
  /** A newer expectation about the same takes the place of an older one. */
  readonly about: 'state' | 'health' | 'name' | 'network'
  /** `reads` counts the answers so far, from 1. */
  readonly isMet: (row: Container, reads: number) => boolean
}

const inState = (...states: ContainerState[]): Expected => ({
  about: 'state',
  isMet: ({ state }) => states.includes(state),
})

const expectedBy: Readonly<Record<string, Expected>> = {
  start: inState('running', 'paused'),
  unpause: inState('running'),
  pause: inState('paused'),
  die: inState('exited', 'restarting', 'removing', 'dead', 'created'),
}

/** Container actions that change nothing a row shows; execs alone are most of a busy engine's events. */
const quiet =
  /^(exec_|attach|detach|top|resize|copy|archive-path|extract-to-dir|export|save|push|mount|unmount)/

/** Pure: an event, in whatever words of whichever engine, to what must be read again. */
export function targetsOf(event: RawEvent): readonly Target[] {
  if (quiet.test(event.action)) return []
  switch (event.type) {
    case 'container':
      return containerTargets(event)
    case 'image':
      return imageTargets(event)
    case 'volume':
      return objectTargets('volumes', event)
    case 'network':
      return networkTargets(event)
    case 'builder':
      // A build without a tag makes an image that no event names.
      return [{ do: 'list', kind: 'images' }]
    case 'daemon':
      return []
    default:
      return []
  }
}

function containerTargets(event: RawEvent): readonly Target[] {
  if (event.action !== 'commit') {
    const expected = expectedOf(event)
    return objectTargets('containers', event).map((target) =>
      target.do === 'read' && expected ? { ...target, expected } : target,
    )
  }
  const { imageID } = event.attributes
  return [imageID ? { do: 'read', kind: 'images', id: imageID } : { do: 'list', kind: 'images' }]
}

function expectedOf({ action, attributes }: RawEvent): Expected | undefined {
  const health = /^health_status: (healthy|unhealthy|starting)$/.exec(action)?.[1]
  if (health) return { about: 'health', isMet: (row) => row.health === health || row.state !== 'running' }
  if (action === 'rename') return { about: 'name', isMet: (row) => row.name === attributes['name'] }
  return Object.hasOwn(expectedBy, action) ? expectedBy[action] : undefined
}

function imageTargets({ action, id, attributes }: RawEvent): readonly Target[] {
  const named = id || attributes['name']
  if (!named || action === 'prune') return [{ do: 'list', kind: 'images' }]
  // After `delete` the same id may still be there under another name, so it is read, not dropped.
  return [{ do: 'read', kind: 'images', id: /^[0-9a-f]{64}$/.test(named) ? `sha256:${named}` : named }]
}

function networkTargets(event: RawEvent): readonly Target[] {
  const isMembership = event.action === 'connect' || event.action === 'disconnect'
  if (!isMembership) return objectTargets('networks', event)
  const { container, name } = event.attributes
  if (!container) return []
  // A stopped container keeps its networks in the list, so after `disconnect` no row is wrong: look twice.
  const isMet: Expected['isMet'] = (row, reads) =>
    event.action === 'disconnect' ? reads > 1 : row.networks.some((network) => network.name === name)
  return [{ do: 'read', kind: 'containers', id: container, expected: { about: 'network', isMet } }]
}

function objectTargets(kind: Kind, { action, id }: RawEvent): readonly Target[] {
  if (!id || action === 'prune') return [{ do: 'list', kind }]
  const isGone = action === 'destroy' || action === 'remove'
  return [{ do: isGone ? 'drop' : 'read', kind, id }]
}
