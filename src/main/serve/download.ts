import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Client, Item } from '../../shared/contract'
import { isCode } from '../../shared/errors'
import { answer } from './answer'

type Items = AsyncIterator<Item<'downloads.read'>>

/** Streams what stands behind a ticket as a file. The browser's pace is the source's pace. */
export async function sendDownload(ticket: string, client: Client, response: ServerResponse): Promise<void> {
  const stream = client.stream('downloads.read', { ticket })
  // Also while an engine still prepares the first byte.
  response.once('close', () => stream.cancel())
  const items = stream[Symbol.asyncIterator]()
  let head: Item<'downloads.read'> | undefined
  try {
    head = (await items.next()).value as Item<'downloads.read'> | undefined
  } catch (error) {
    if (response.destroyed) return
    return answer(response, isCode(error, 'object.not-found', 'input.invalid') ? 404 : 502)
  }
  if (!head || head instanceof Uint8Array) {
    await items.return?.()
    return answer(response, 502)
  }
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-disposition': dispositionOf(head.name),
    'cache-control': 'no-store',
    ...(head.sizeBytes !== undefined && { 'content-length': head.sizeBytes }),
  })
  // When the source fails midway, the pipeline destroys the response: the browser sees a broken
  // download, and not a short file that looks whole.
  await pipeline(Readable.from(bytesOf(items), { objectMode: false }), response)
}

/** RFC 6266: plain letters for old readers, then the real name as UTF-8. */
export function dispositionOf(name: string): string {
  const plain = name.replace(/[^\w. ()-]/g, '_')
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}

async function* bytesOf(items: Items): AsyncGenerator<Uint8Array> {
  try {
    for (let next = await items.next(); !next.done; next = await items.next())
      if (next.value instanceof Uint8Array) yield next.value
  } finally {
    await items.return?.()
  }
}
