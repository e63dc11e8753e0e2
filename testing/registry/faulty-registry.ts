import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { Transform } from 'node:stream'

export interface Faults {
  /** `user:password`: whoever does not say so is refused. */
  login?: string
  /** Each answer is this status, without a word from the registry. */
  status?: number
  /** Blobs (layers) get their last byte turned. */
  damageBlobs?: boolean
  /** Blobs stop after so many bytes, and the connection stays open until `release`. */
  stallBlobsAfter?: number
}

/** Stands before a real registry and misbehaves as told; `faults` may change at any time. */
export interface FaultyRegistry {
  readonly host: string
  readonly faults: Faults
  /** Blob requests seen so far. */
  readonly blobRequests: () => number
  /** Lets stalled blobs go on. */
  release(): void
  stop(): Promise<void>
}

export async function startFaultyRegistry(behind: string): Promise<FaultyRegistry> {
  const faults: Faults = {}
  const held = new Set<() => void>()
  const sockets = new Set<Socket>()
  let blobRequests = 0
  const server: Server = createServer((asked, answer) => {
    if (isBlob(asked)) blobRequests++
    if (faults.status !== undefined) return void answer.writeHead(faults.status).end('{}')
    if (faults.login !== undefined && asked.headers.authorization !== basic(faults.login)) {
      return void answer.writeHead(401, { 'WWW-Authenticate': 'Basic realm="test"' }).end('{}')
    }
    pass(asked, answer, { behind, spoil: () => spoiler(asked, faults, held) })
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const release = (): void => {
    for (const go of held) go()
    held.clear()
  }
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    blobRequests: () => blobRequests,
    release,
    stop: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

const isBlob = ({ method, url }: IncomingMessage): boolean => method === 'GET' && /\/blobs\//.test(url ?? '')
const basic = (login: string): string => `Basic ${Buffer.from(login).toString('base64')}`

function pass(
  asked: IncomingMessage,
  answer: ServerResponse,
  { behind, spoil }: { behind: string; spoil: () => Transform },
): void {
  const [host, port] = behind.split(':')
  const { url: path, method, headers } = asked
  const onward = request({ host, port, path, method, headers }, (got) => {
    answer.writeHead(got.statusCode ?? 502, got.headers)
    got.pipe(spoil()).pipe(answer)
  })
  onward.on('error', () => answer.destroy())
  asked.pipe(onward)
}

function spoiler(asked: IncomingMessage, faults: Faults, held: Set<() => void>): Transform {
  let seen = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length
      if (!isBlob(asked)) return done(null, chunk)
      const { damageBlobs, stallBlobsAfter } = faults
      const bytes = Buffer.from(chunk)
      if (damageBlobs) bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 0xff
      if (stallBlobsAfter === undefined || seen <= stallBlobsAfter) return done(null, bytes)
      held.add(() => done(null, bytes))
    },
  })
}
