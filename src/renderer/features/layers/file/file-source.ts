import type { LayerEntry, ObjectRef } from '../../../../shared/model'
import { act } from '../../../api'

/** A file somewhere in an image: in one layer, or as it is seen once that layer lies on those below. */
export interface FileSource extends ObjectRef {
  readonly layer: number
  readonly view: 'layer' | 'sum'
  readonly path: string
}

/** Where the bytes of an entry are: of what a layer removed, in the layers below it. */
export function sourceOf(ref: ObjectRef, entry: LayerEntry, layer: number): FileSource {
  const { engine, id } = ref
  return entry.change === 'removed'
    ? { engine, id, layer: Math.max(0, layer - 1), view: 'sum', path: entry.path }
    : { engine, id, layer: entry.layer, view: 'layer', path: entry.path }
}

/** Asks for a ticket and lets the browser fetch it: nothing is held in the window's memory. */
export async function downloadFile(source: FileSource, name: string): Promise<void> {
  const ticket = await act('downloads.prepare', {
    what: 'layer-file',
    engine: source.engine,
    id: source.id,
    layer: source.layer,
    view: source.view,
    path: source.path,
    name: name.slice(0, 255) || 'file',
  })
  if (!ticket) return
  const link = document.createElement('a')
  link.href = `/download/${ticket.ticket}`
  link.download = ticket.name
  link.click()
}
