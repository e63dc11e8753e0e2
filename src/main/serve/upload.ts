import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Client, ClientStream, Input, Item } from '../../shared/contract'
import { isCode } from '../../shared/errors'
import { answer } from './answer'

type Bringing = ClientStream<Item<'uploads.write'>, Input<'uploads.write'>>

/** For a page to leave by itself: a browser writes a refusal into its console. */
const hangUpMs = 2_000
/** node:http tells of 64 KiB at a time, and each message to core costs about as much as its bytes. */
const pieceBytes = 512 * 1024

/**
 * Brings the body of a request to core, at the pace of what takes it. Answers when core has it all. A page whose file
 * is slow to read is waited for: its stream, and with it the upload, ends when the page goes.
 */
export async function takeUpload(
  ticket: string,
  client: Client,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> {
  const stream = client.stream('uploads.write', { ticket })
  response.once('close', () => stream.cancel())
  try {
    await Promise.all([endOf(stream), send(stream, request)])
    response.writeHead(204).end()
  } catch (error) {
    const hasLeft = isCode(error, 'cancelled')
    if (hasLeft && !response.destroyed) await hangsUp(response)
    if (response.destroyed) return
    answer(response, isCode(error, 'object.not-found') ? 404 : hasLeft ? 409 : 502)
  }
}

/** The page hears in the stream itself that it has ended, and then sends no more. */
const hangsUp = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const patience = setTimeout(resolve, hangUpMs)
    response.once('close', () => {
      clearTimeout(patience)
      resolve()
    })
  })

async function endOf(stream: Bringing): Promise<void> {
  for await (const item of stream) void item
}

async function send(stream: Bringing, request: IncomingMessage): Promise<void> {
  for await (const piece of joined(request)) await stream.send(piece)
  await stream.send({ kind: 'end' })
}

async function* joined(chunks: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  let piece = Buffer.allocUnsafeSlow(pieceBytes)
  let used = 0
  for await (const chunk of chunks as AsyncIterable<Buffer>)
    for (let at = 0; at < chunk.length;) {
      const taken = chunk.copy(piece, used, at)
      at += taken
      used += taken
      if (used < pieceBytes) continue
      yield piece
      // A whole one was given away.
      piece = Buffer.allocUnsafeSlow(pieceBytes)
      used = 0
    }
  if (used > 0) yield piece.subarray(0, used)
}
