import { closeSync, openSync, writeSync } from 'node:fs'
import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { createClient } from '../src/shared/contract/client'
import { coreOverPort } from '../src/shared/contract/message-port-transport'
import type { Saved, SaveRequest } from './saver'

const client = createClient(coreOverPort(workerData as MessagePort))

async function save({ what, path }: SaveRequest): Promise<Saved> {
  const { ticket } = await client.call('downloads.prepare', what)
  const file = openSync(path, 'wx')
  let bytes = 0
  try {
    for await (const item of client.stream('downloads.read', { ticket }))
      if (item instanceof Uint8Array) bytes += writeSync(file, item)
  } finally {
    closeSync(file)
  }
  return { bytes }
}

parentPort?.on('message', (request: SaveRequest) => {
  void save(request)
    .catch((error: unknown): Saved => ({ error: String(error) }))
    .then((saved) => parentPort?.postMessage(saved))
})
