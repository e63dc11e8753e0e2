import type { Duplex, Readable } from 'node:stream'

/** What the road needs of an engine. Areas are strangers: the engine's client has just these. */
export interface HelperEngine {
  readonly facts: { readonly rootDir: string; readonly containerd?: { readonly address?: string } }
  json<T>(request: HelperRequest): Promise<T>
  stream(request: HelperRequest & { upload?: Iterable<Uint8Array> }): Promise<Readable>
  hijack(request: HelperRequest): Promise<{ readonly stream: Duplex }>
}

interface HelperRequest {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean | object | undefined>>
  readonly body?: unknown
  readonly signal?: AbortSignal
}
