import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { createClient } from '../src/shared/contract/client'
import { coreOverPort } from '../src/shared/contract/message-port-transport'
import type { FarAnswer, FarWork } from './far-client'

const client = createClient(coreOverPort(workerData as MessagePort))

async function save({ what, path }: FarWork & { readonly kind: 'save' }): Promise<number> {
  const { ticket } = await client.call('downloads.prepare', what)
  const file = openSync(path, 'wx')
  let bytes = 0
  try {
    for await (const item of client.stream('downloads.read', { ticket }))
      if (item instanceof Uint8Array) bytes += writeSync(file, item)
  } finally {
    closeSync(file)
  }
  return bytes
}

/** What a window reads from a file at a time. The port takes its own copy. */
const piece = new Uint8Array(256 * 1024)

function* piecesOf(path: string): Generator<Uint8Array> {
  const file = openSync(path, 'r')
  try {
    for (let count = 1; count > 0;) {
      count = readSync(file, piece)
      if (count > 0) yield piece.subarray(0, count)
    }
  } finally {
    closeSync(file)
  }
}

async function load({ what, path }: FarWork & { readonly kind: 'load' }): Promise<readonly string[]> {
  const stream = client.stream('images.load', what)
  const send = async (): Promise<void> => {
    for (const piece of piecesOf(path)) await stream.send(piece)
    await stream.send({ end: true })
  }
  const sending = what.path === undefined ? send() : undefined
  const references: string[] = []
  for await (const item of stream) references.push(...item.references)
  await sending
  return references
}

parentPort?.on('message', (work: FarWork) => {
  void (work.kind === 'save' ? save(work) : load(work))
    .then(
      (value): FarAnswer => ({ value }),
      (error: unknown): FarAnswer => ({ error: String(error) }),
    )
    .then((answer) => parentPort?.postMessage(answer))
})
