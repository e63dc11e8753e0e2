import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { Args } from '../src/shared/contract'
import type { Lab } from './lab'

/** Saves to a new file what a person downloads, as a browser does. Answers how many bytes came. */
export async function downloadTo(
  { client }: Lab,
  what: Args<'downloads.prepare'>,
  path: string,
): Promise<number> {
  const { ticket } = await client.call('downloads.prepare', what)
  // What comes while a piece is written is written with the next.
  const file = createWriteStream(path, { flags: 'wx', highWaterMark: 1024 * 1024 })
  let bytes = 0
  for await (const item of client.stream('downloads.read', { ticket })) {
    if (!(item instanceof Uint8Array)) continue
    bytes += item.byteLength
    if (!file.write(item)) await once(file, 'drain')
  }
  file.end()
  await finished(file)
  return bytes
}
