/** Stands on a unix socket before a real engine's socket and does to its traffic what bad days do. */
import { chmod, rename, rm } from 'node:fs/promises'
import { request, createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import net, { type Socket } from 'node:net'
import type { Duplex, Readable } from 'node:stream'

/** What happens to a request. Everything absent is left as it is. */
export interface Fault {
  /** Waits before the engine is asked. */
  readonly delayMs?: number
  /** Never answers; the connection stays open. */
  readonly stall?: boolean
  /** Closes the connection after so many bytes of the answer's body. 0: before the head. */
  readonly cutAfterBytes?: number
  /** One byte of the body in so many milliseconds. */
  readonly trickleMs?: number
  /** The JSON answer is replaced by what this gives. */
  readonly rewrite?: (json: unknown) => unknown
  /** The answer's body is replaced as it is. */
  readonly answer?: { readonly status: number; readonly body: string }
  readonly apiVersion?: string
  /** Which events pass; the others are dropped, as an engine drops them: silently. */
  readonly keepEvent?: (event: unknown) => boolean
}

export interface Seen {
  readonly method: string
  /** Without the version prefix, with the query. */
  readonly path: string
}

export type Plan = (seen: Seen) => Fault | undefined

export interface FaultProxy {
  readonly socketPath: string
  /** From now on; requests under way keep theirs. */
  plan(plan: Plan): void
  readonly requests: readonly Seen[]
  /** Ends every connection now. The socket stays: the next connection is served. */
  cut(): void
  /** Refuses connections, as a dead engine's left-over socket does. */
  refuse(): Promise<void>
  /** Takes the socket's file away; `listen` puts a new one in its place. */
  removeSocket(): Promise<void>
  listen(): Promise<void>
  forbid(): Promise<void>
  readonly openConnections: number
  close(): Promise<void>
}

export async function startFaultProxy(upstreamPath: string, socketPath: string): Promise<FaultProxy> {
  const proxy = new Proxy(upstreamPath, socketPath)
  await proxy.listen()
  return proxy
}

class Proxy implements FaultProxy {
  readonly requests: Seen[] = []
  readonly #sockets = new Set<Duplex>()
  #plan: Plan = () => undefined
  #server: Server | undefined

  constructor(
    readonly upstreamPath: string,
    readonly socketPath: string,
  ) {}

  get openConnections(): number {
    return this.#sockets.size
  }

  plan(plan: Plan): void {
    this.#plan = plan
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async listen(): Promise<void> {
    const server = createServer((incoming, outgoing) => this.#serve(incoming, outgoing))
    server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.#tunnel({ incoming, socket: socket as Socket, head }),
    )
    server.on('connection', (socket) => this.#keep(socket))
    server.requestTimeout = 0
    this.#server = server
    // Under another name first: Node takes that one away when it closes, and the socket's file stays as a killed
    // engine leaves it.
    const made = `${this.socketPath}.new`
    await rm(made, { force: true })
    await new Promise<void>((resolve) => server.listen(made, resolve))
    await rename(made, this.socketPath)
  }

  /** The file stays all the time: who connects is refused and never finds nothing. */
  refuse(): Promise<void> {
    return this.#stop()
  }

  async removeSocket(): Promise<void> {
    await rm(this.socketPath, { force: true })
  }

  async forbid(): Promise<void> {
    await chmod(this.socketPath, 0)
  }

  async close(): Promise<void> {
    await this.#stop()
    await rm(this.socketPath, { force: true })
  }

  async #stop(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    this.cut()
    if (server) await new Promise((resolve) => server.close(resolve))
  }

  #keep(socket: Duplex): void {
    this.#sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => this.#sockets.delete(socket))
  }

  #faultOf(incoming: IncomingMessage): Fault {
    const path = (incoming.url ?? '').replace(/^\/v\d+\.\d+(?=\/)/, '')
    const seen = { method: incoming.method ?? '', path }
    this.requests.push(seen)
    return this.#plan(seen) ?? {}
  }

  #serve(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const fault = this.#faultOf(incoming)
    if (fault.stall) return
    if (fault.cutAfterBytes === 0) return void incoming.socket.destroy()
    if (fault.answer) {
      outgoing.writeHead(fault.answer.status, { 'content-type': 'application/json' }).end(fault.answer.body)
      return
    }
    setTimeout(() => this.#forward({ incoming, outgoing, fault }), fault.delayMs ?? 0)
  }

  #forward({ incoming, outgoing, fault }: Served): void {
    const { method, url: path, headers } = incoming
    const upstream = request({ socketPath: this.upstreamPath, method, path, headers, agent: false })
    upstream.on('error', () => incoming.socket.destroy())
    upstream.on('response', (answer) => {
      const kept = { ...answer.headers, ...(fault.apiVersion && { 'api-version': fault.apiVersion }) }
      if (fault.rewrite) delete kept['content-length']
      outgoing.writeHead(answer.statusCode ?? 502, kept)
      outgoing.flushHeaders()
      answer.on('error', () => incoming.socket.destroy())
      // The engine died in the middle: so must this.
      answer.on('close', () => !answer.complete && incoming.socket.destroy())
      outgoing.on('close', () => answer.destroy())
      passBody({ answer, outgoing, fault })
    })
    incoming.pipe(upstream)
  }

  /** Hijacked connections are bytes: nothing but a cut happens to them. */
  #tunnel({ incoming, socket, head }: { incoming: IncomingMessage; socket: Socket; head: Buffer }): void {
    this.#faultOf(incoming)
    const upstream = net.connect({ path: this.upstreamPath, allowHalfOpen: true })
    socket.allowHalfOpen = true
    this.#keep(upstream)
    const lines = [`${incoming.method} ${incoming.url} HTTP/1.1`]
    for (let i = 0; i < incoming.rawHeaders.length; i += 2) {
      lines.push(`${incoming.rawHeaders[i]}: ${incoming.rawHeaders[i + 1]}`)
    }
    upstream.write(`${lines.join('\r\n')}\r\n\r\n`)
    upstream.write(head)
    upstream.pipe(socket)
    socket.pipe(upstream)
    upstream.on('close', () => socket.destroySoon())
    socket.on('close', () => upstream.destroy())
  }
}

interface Served {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  readonly fault: Fault
}

function passBody({
  answer,
  outgoing,
  fault,
}: {
  answer: Readable
  outgoing: ServerResponse
  fault: Fault
}): void {
  if (fault.rewrite) return void rewriteBody(answer, outgoing, fault.rewrite)
  if (fault.trickleMs !== undefined) return void trickle(answer, outgoing, fault.trickleMs)
  if (fault.keepEvent) return passEvents(answer, outgoing, fault.keepEvent)
  let left = fault.cutAfterBytes ?? Infinity
  answer.on('data', (chunk: Buffer) => {
    const part = chunk.subarray(0, Math.min(chunk.length, left))
    left -= part.length
    if (!outgoing.write(part)) {
      answer.pause()
      outgoing.once('drain', () => answer.resume())
    }
    if (left === 0) outgoing.socket?.destroySoon()
  })
  answer.on('end', () => outgoing.end())
}

async function rewriteBody(
  answer: Readable,
  outgoing: ServerResponse,
  rewrite: (json: unknown) => unknown,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk as Buffer)
  const json = JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown
  outgoing.end(JSON.stringify(rewrite(json)))
}

async function trickle(answer: Readable, outgoing: ServerResponse, everyMs: number): Promise<void> {
  for await (const chunk of answer) {
    for (const byte of chunk as Buffer) {
      if (outgoing.destroyed) return
      outgoing.write(Buffer.from([byte]))
      await new Promise((resolve) => setTimeout(resolve, everyMs))
    }
  }
  outgoing.end()
}

function passEvents(answer: Readable, outgoing: ServerResponse, keep: (event: unknown) => boolean): void {
  let rest = ''
  answer.setEncoding('utf8')
  answer.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.trim() && keep(JSON.parse(line))) outgoing.write(`${line}\n`)
  })
  answer.on('end', () => outgoing.end())
}
