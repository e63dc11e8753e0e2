import { closeSync, openSync, writeSync } from 'node:fs'
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

async function load({ what }: FarWork & { readonly kind: 'load' }): Promise<readonly string[]> {
  for await (const item of client.stream('images.load', what)) return item.references
  return []
}

parentPort?.on('message', (work: FarWork) => {
  void (work.kind === 'save' ? save(work) : load(work))
    .then(
      (value): FarAnswer => ({ value }),
      (error: unknown): FarAnswer => ({ error: String(error) }),
    )
    .then((answer) => parentPort?.postMessage(answer))
})
