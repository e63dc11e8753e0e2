import type { Kind } from '../../../shared/model'
import type { RawEvent } from '../engine/events'

/** What one event makes untrue. */
export type Target =
  /** Ask for this object again. For images `id` may be a reference: a pull names nothing else. */
  | { readonly do: 'read'; readonly kind: Kind; readonly id: string }
  | { readonly do: 'drop'; readonly kind: Kind; readonly id: string }
  /** The event does not say which objects it was about. */
  | { readonly do: 'list'; readonly kind: Kind }

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
  if (event.action !== 'commit') return objectTargets('containers', event)
  const { imageID } = event.attributes
  return [imageID ? { do: 'read', kind: 'images', id: imageID } : { do: 'list', kind: 'images' }]
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
  const { container } = event.attributes
  return container ? [{ do: 'read', kind: 'containers', id: container }] : []
}

function objectTargets(kind: Kind, { action, id }: RawEvent): readonly Target[] {
  if (!id || action === 'prune') return [{ do: 'list', kind }]
  const isGone = action === 'destroy' || action === 'remove'
  return [{ do: isGone ? 'drop' : 'read', kind, id }]
}
