import { once } from 'node:events'
import { MessageChannel, Worker } from 'node:worker_threads'
import type { Core } from '../src/main/core/core'
import type { Args } from '../src/shared/contract'
import { clientOverPort } from '../src/shared/contract/message-port-transport'

export type FarWork =
  | { readonly kind: 'save'; readonly what: Args<'downloads.prepare'>; readonly path: string }
  | { readonly kind: 'load'; readonly what: Args<'images.load'> }

/** What came of it, or why nothing did. */
export type FarAnswer = { readonly value: unknown } | { readonly error: string }

/** A client where the window has its own: on a thread of its own, over a port. */
export class FarClient {
  readonly #worker: Worker

  constructor(core: Core) {
    const { port1, port2 } = new MessageChannel()
    core.accept(clientOverPort(port2))
    // Node 20 gives a thread no loader of its own for TypeScript.
    const program = new URL('./far-client-worker.ts', import.meta.url).href
    const load = `import('tsx/esm/api').then(({ tsImport }) => tsImport('${program}', '${program}'))`
    this.#worker = new Worker(load, { eval: true, workerData: port1, transferList: [port1] })
  }

  /** Saves what a person downloads to a new file. Answers how many bytes came. */
  async save(what: Args<'downloads.prepare'>, path: string): Promise<number> {
    return (await this.#do({ kind: 'save', what, path })) as number
  }

  /** Loads the file at `what.path`, which core reads, as for the desktop. Answers what was loaded. */
  async load(what: Args<'images.load'>): Promise<readonly string[]> {
    return (await this.#do({ kind: 'load', what })) as readonly string[]
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }

  async #do(work: FarWork): Promise<unknown> {
    this.#worker.postMessage(work)
    const [answer] = (await once(this.#worker, 'message')) as [FarAnswer]
    if ('error' in answer) throw new Error(answer.error)
    return answer.value
  }
}
