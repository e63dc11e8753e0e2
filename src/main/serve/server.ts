import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { MessageChannel } from 'node:worker_threads'
import type { Client } from '../../shared/contract'
import { askLook } from '../../shared/contract/ask-look'
import { createClient } from '../../shared/contract/client'
import { clientOverPort, coreOverPort } from '../../shared/contract/message-port-transport'
import type { CoreTransport } from '../../shared/contract/wire'
import { isCode } from '../../shared/errors'
import { log } from '../core/platform/log'
import { answer, setSafeHeaders } from './answer'
import { sendDownload } from './download'
import type { ServeOptions } from './options'
import { hostOf, refuseRequest, refuseUpgrade, refuseUpload } from './request-guard'
import { StaticFiles } from './static-files'
import { newToken, TokenDoor } from './token-door'
import { takeUpload } from './upload'
import { WebSockets } from './web-sockets'

export interface WindowServerOptions extends ServeOptions {
  /** Hands a client to core. */
  readonly accept: (transport: CoreTransport) => void
  /** The built window. */
  readonly rendererDir: string
}

export interface WindowServer {
  readonly port: number
  readonly token: string
  /** Opens the window: the token is in the fragment, which no browser sends and no server logs. */
  readonly url: string
  close(): Promise<void>
}

/** A page needs a handful; a flood must not take all the files that core needs. */
const maxConnections = 256
const downloadPath = /^\/download\/([\w-]{1,128})$/
const uploadPath = /^\/upload\/([\w-]{1,128})$/

/** Serves the window on a loopback port, with a token of its own. */
export async function startWindowServer(options: WindowServerOptions): Promise<WindowServer> {
  const files = await StaticFiles.of(options.rendererDir)
  const token = newToken()
  const server = createServer({
    maxHeaderSize: 16 * 1024,
    headersTimeout: 10_000,
    // Of an upload nobody knows how long it lasts; no other body is read at all.
    requestTimeout: 0,
    keepAliveTimeout: 5_000,
    connectionsCheckingInterval: 1_000,
  })
  server.maxConnections = maxConnections
  await listen(server, options)
  const { port } = server.address() as AddressInfo
  const sockets = new WebSockets({ token: new TokenDoor(token), accept: options.accept })
  server.on('request', (request, response) => {
    handle({ request, response, port }, files, options.accept).catch((error: unknown) => {
      // A browser that goes away in the middle is its own business.
      if (!isBrokenPipe(error)) log.warn('serve', 'a request failed', { error: String(error) })
      response.destroy()
    })
  })
  server.on('upgrade', (request, socket, head) => upgrade({ request, socket, head, port }, sockets))
  return {
    port,
    token,
    url: `http://${options.host === '::1' ? '[::1]' : options.host}:${port}/#token=${token}`,
    close: () => close(server, sockets),
  }
}

interface Asked {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly port: number
}

async function handle(
  asked: Asked,
  files: StaticFiles,
  accept: WindowServerOptions['accept'],
): Promise<void> {
  const { request, response, port } = asked
  setSafeHeaders(response, hostOf(request, port))
  const refused = refuseRequest(request, port)
  if (refused !== undefined) return answer(response, refused)
  const path = pathOf(request)
  const upload = uploadPath.exec(path)?.[1]
  if (upload !== undefined) return await takeBody(upload, asked, accept)
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return answer(response, 405, { allow: 'GET, HEAD' })
  if (hasBody(request)) return answer(response, 413)
  const ticket = downloadPath.exec(path)?.[1]
  if (ticket === undefined) {
    if (path === '/' && !files.isBuilt) return answer(response, 503)
    // A colour and a language are told to whoever asks: the page comes before its token does.
    return await files.serve(path, response, () => withClient(accept, askLook))
  }
  // Looking at a ticket would use it up.
  if (request.method === 'HEAD') return answer(response, 405, { allow: 'GET' })
  await withClient(accept, (client) => sendDownload(ticket, client, response))
}

async function takeBody(ticket: string, asked: Asked, accept: WindowServerOptions['accept']): Promise<void> {
  const { request, response, port } = asked
  const refused = refuseUpload(request, port)
  if (refused !== undefined) return answer(response, refused, refused === 405 ? { allow: 'POST' } : {})
  await withClient(accept, (client) => takeUpload(ticket, client, asked))
}

/** A connection to core for one request. */
async function withClient<T>(
  accept: WindowServerOptions['accept'],
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const { port1, port2 } = new MessageChannel()
  accept(clientOverPort(port2))
  const client = createClient(coreOverPort(port1))
  try {
    return await use(client)
  } finally {
    client.close()
  }
}

function upgrade(
  { request, socket, head, port }: { request: IncomingMessage; socket: Duplex; head: Buffer; port: number },
  sockets: WebSockets,
): void {
  socket.on('error', () => socket.destroy())
  const status = refuseUpgrade(request, port) ?? (sockets.hasRoom ? undefined : 503)
  if (status === undefined) return sockets.upgrade(request, socket, head)
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
  )
}

/** The address without its query, undecoded: the files' names need no decoding. */
const pathOf = (request: IncomingMessage): string => (request.url ?? '').split('?', 1)[0] ?? ''

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'

const isBrokenPipe = (error: unknown): boolean =>
  isCode(error, 'core.gone') ||
  ['ERR_STREAM_PREMATURE_CLOSE', 'EPIPE', 'ECONNRESET'].includes((error as NodeJS.ErrnoException).code ?? '')

function listen(server: Server, { host, port }: ServeOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function close(server: Server, sockets: WebSockets): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    sockets.close()
    server.closeAllConnections()
  })
}
