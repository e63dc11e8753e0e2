import { once } from 'node:events'
import { MessageChannel, Worker } from 'node:worker_threads'
import type { Core } from '../src/main/core/core'
import type { Args } from '../src/shared/contract'
import { clientOverPort } from '../src/shared/contract/message-port-transport'

export interface SaveRequest {
  readonly what: Args<'downloads.prepare'>
  readonly path: string
}

/** How many bytes came, or why not all. */
export type Saved = { readonly bytes: number } | { readonly error: string }

/**
 * Saves what a person downloads, as the window does: over a port of its own, on a thread of its own, in writes that
 * wait for the file.
 */
export class Saver {
  readonly #worker: Worker

  constructor(core: Core) {
    const { port1, port2 } = new MessageChannel()
    core.accept(clientOverPort(port2))
    // Node 20 gives a thread no loader of its own for TypeScript.
    const program = new URL('./saver-worker.ts', import.meta.url).href
    const load = `import('tsx/esm/api').then(({ tsImport }) => tsImport('${program}', '${program}'))`
    this.#worker = new Worker(load, { eval: true, workerData: port1, transferList: [port1] })
  }

  /** To a new file. Answers how many bytes came. */
  async save(request: SaveRequest): Promise<number> {
    this.#worker.postMessage(request)
    const [saved] = (await once(this.#worker, 'message')) as [Saved]
    if ('error' in saved) throw new Error(saved.error)
    return saved.bytes
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }
}
