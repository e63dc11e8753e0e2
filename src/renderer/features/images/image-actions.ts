import type { EngineId, Image } from '../../../shared/model'
import { act } from '../../api'
import { nameOf } from './users'

/** Asks for a ticket and lets the browser fetch it: nothing is held in the window's memory. */
export async function saveImage(images: readonly Image[]): Promise<void> {
  const byEngine = new Map<EngineId, Image[]>()
  for (const image of images) byEngine.set(image.engine, [...(byEngine.get(image.engine) ?? []), image])
  for (const [engine, own] of byEngine) {
    const references = own.flatMap((image) => (image.tags.length > 0 ? [...image.tags] : [image.id]))
    const [first] = own
    const name = own.length === 1 && first ? `${fileName(nameOf(first))}.tar` : `images-${own.length}.tar`
    const ticket = await act('downloads.prepare', { what: 'image', engine, references, name })
    if (ticket) startDownload(ticket.ticket, ticket.name)
  }
}

const fileName = (text: string): string => text.replace(/[^A-Za-z0-9._-]+/g, '-')

function startDownload(ticket: string, name: string): void {
  const link = document.createElement('a')
  link.href = `/download/${ticket}`
  link.download = name
  link.click()
}
