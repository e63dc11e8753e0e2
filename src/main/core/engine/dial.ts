import { readFile } from 'node:fs/promises'
import net from 'node:net'
import type { Duplex } from 'node:stream'
import tls from 'node:tls'
import { AppError } from '../../../shared/errors'
import type { EngineAddress, TlsFiles } from '../../../shared/model'
import type { Dial } from './engine'

/** Longer than any healthy handshake, shorter than a person's patience. */
const connectTimeoutMs = 5_000
/** A dead peer behind a silent network is found by the kernel, without traffic of ours. */
const keepAliveMs = 15_000

/** More than a unix socket of Linux holds. */
const keptBufferBytes = 256 * 1024

/** What can be dialled without another part of core: SSH is the tunnel's. */
export type PlainAddress = Exclude<EngineAddress, { kind: 'ssh' }>

/** The road to an engine by its address. Sockets are half-open, so that `end()` upwards leaves reading alone. */
export function dialAddress(address: PlainAddress): Dial {
  return address.kind === 'unix' ? dialUnix(address.path) : dialTcp(address)
}

/** As a person would type it: `unix:///run/docker.sock`, `tcp://host:2376`. */
export function addressText(address: EngineAddress): string {
  if (address.kind === 'unix') return `unix://${address.path}`
  const host = address.host.includes(':') ? `[${address.host}]` : address.host
  if (address.kind === 'ssh')
    return `ssh://${address.user ? `${address.user}@` : ''}${host}${address.port ? `:${address.port}` : ''}`
  return `tcp://${host}:${address.port}`
}

export const dialUnix =
  (path: string): Dial =>
  (signal, _lane, take) =>
    opened(net.connect({ path, allowHalfOpen: true, ...readingInto(take) }), 'connect', signal)

export function dialTcp(address: { host: string; port: number; tls?: TlsFiles }): Dial {
  const { host, port } = address
  return async (signal, _lane, take) => {
    const files = address.tls && (await readTlsFiles(address.tls))
    signal.throwIfAborted()
    const options = { host, port, allowHalfOpen: true, noDelay: true }
    const socket = files
      ? tls.connect({
          ...options,
          ...files,
          minVersion: 'TLSv1.2',
          ...(net.isIP(host) ? {} : { servername: host }),
        })
      : net.connect({ ...options, ...readingInto(take) })
    socket.setKeepAlive(true, keepAliveMs)
    return opened(socket, files ? 'secureConnect' : 'connect', signal)
  }
}

/** Reads all there is into the same buffer each time. */
function readingInto(take: Parameters<Dial>[2]): { onread?: net.OnReadOpts } {
  if (!take) return {}
  const callback = (bytes: number, buffer: Uint8Array): boolean => take(buffer.subarray(0, bytes))
  return { onread: { buffer: Buffer.allocUnsafeSlow(keptBufferBytes), callback } }
}

/** Read at each dial: a renewed certificate counts without a restart. */
async function readTlsFiles(files: TlsFiles): Promise<{ ca?: Buffer; cert?: Buffer; key?: Buffer }> {
  const [ca, cert, key] = await Promise.all([
    readPem(files.caFile),
    readPem(files.certFile),
    readPem(files.keyFile),
  ])
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) }
}

async function readPem(path: string | undefined): Promise<Buffer | undefined> {
  if (!path) return undefined
  try {
    return await readFile(path)
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unreadable'
    throw new AppError('engine.tls', `Cannot read ${path}: ${reason}`, {
      facts: { path, reason, tls: 'unreadable' },
      cause,
    })
  }
}

function opened(socket: net.Socket, readyEvent: string, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    }
    const fail = (error: unknown): void => {
      settle()
      socket.on('error', () => undefined)
      socket.destroy()
      reject(error instanceof Error ? error : new Error(String(error)))
    }
    const onAbort = (): void => fail(signal.reason)
    const timer = setTimeout(() => {
      fail(Object.assign(new Error('connect timed out'), { code: 'ETIMEDOUT' }))
    }, connectTimeoutMs)
    socket.once('error', fail)
    socket.once(readyEvent, () => {
      settle()
      socket.removeListener('error', fail)
      resolve(socket)
    })
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
}
