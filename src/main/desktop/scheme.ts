import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { Readable } from 'node:stream'
import type { Client, Item } from '../../shared/contract'
import { askLook } from '../../shared/contract/ask-look'
import { pageWithLook, type Look } from '../../shared/model/look'

/** The window's own origin. `new URL('slipway://app').origin` is `null`: compare protocol and host. */
export const appScheme = 'slipway'
export const appUrl = 'slipway://app/index.html'
const page = '/index.html'

export function isOurs(url: string): boolean {
  try {
    const { protocol, host } = new URL(url)
    return protocol === `${appScheme}:` && host === 'app'
  } catch {
    return false
  }
}

const contentSecurity = [
  "default-src 'none'",
  "script-src 'self'",
  // UI libraries position their popups with style attributes.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
}

export interface SchemeCore {
  readonly client: () => Client | undefined
  /** Core broke off what it sent to a download's address: who saves it is told no reason. */
  readonly onBroken: (url: string, error: unknown) => void
}

/** Answers `slipway://app/…`: the built window, and what stands behind a download ticket. */
export function answerScheme(rendererDir: string, { client, onBroken }: SchemeCore) {
  return async (request: Request): Promise<Response> => {
    if (request.method !== 'GET' || !isOurs(request.url)) return refuse(405)
    const path = decoded(new URL(request.url).pathname)
    if (path === undefined) return refuse(400)
    if (path.startsWith('/download/'))
      return download(path.slice('/download/'.length), client(), {
        signal: request.signal,
        onBroken: (error) => onBroken(request.url, error),
      })
    return path === page ? whole(rendererDir, await askLook(client())) : file(rendererDir, path)
  }
}

function decoded(path: string): string | undefined {
  try {
    const text = decodeURIComponent(path)
    return text.includes('\0') || text.includes('\\') ? undefined : text
  } catch {
    return undefined
  }
}

/** The page itself, which says of itself in which theme and language it is drawn first. */
async function whole(root: string, look: Look): Promise<Response> {
  const text = await readFile(join(root, page), 'utf8').catch(() => undefined)
  return text === undefined
    ? refuse(404)
    : new Response(pageWithLook(text, look), { headers: headersOf(page) })
}

/** The browser is told what a file is, and what a page may do. */
const headersOf = (path: string): Record<string, string> => ({
  'content-type': types[extname(path)] ?? 'application/octet-stream',
  'content-security-policy': contentSecurity,
  'x-content-type-options': 'nosniff',
})

async function file(root: string, path: string): Promise<Response> {
  const full = normalize(join(root, path))
  if (!full.startsWith(root + sep)) return refuse(403)
  const facts = await stat(full).catch(() => undefined)
  if (!facts?.isFile()) return refuse(404)
  return new Response(asWeb(createReadStream(full)), {
    headers: { ...headersOf(full), 'content-length': String(facts.size) },
  })
}

/** The bytes behind a ticket, as an attachment: the session's download asks the person where to. */
async function download(
  ticket: string,
  client: Client | undefined,
  { signal, onBroken }: { signal: AbortSignal; onBroken: (error: unknown) => void },
): Promise<Response> {
  if (!client) return refuse(503)
  const stream = client.stream('downloads.read', { ticket })
  // Also while an engine still prepares the first byte.
  signal.addEventListener('abort', () => stream.cancel(), { once: true })
  const items = stream[Symbol.asyncIterator]()
  try {
    const head = await items.next()
    if (head.done || head.value instanceof Uint8Array) return refuse(404)
    return new Response(asWeb(Readable.from(bytesOf(items, onBroken))), {
      headers: {
        'content-type': 'application/octet-stream',
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(head.value.name)}`,
        'x-content-type-options': 'nosniff',
        ...(head.value.sizeBytes !== undefined && { 'content-length': String(head.value.sizeBytes) }),
      },
    })
  } catch (error) {
    onBroken(error)
    return refuse(404)
  }
}

async function* bytesOf(
  items: AsyncIterator<Item<'downloads.read'>>,
  onBroken: (error: unknown) => void,
): AsyncGenerator<Uint8Array> {
  try {
    for (let next = await items.next(); !next.done; next = await items.next()) {
      if (next.value instanceof Uint8Array) yield next.value
    }
  } catch (error) {
    onBroken(error)
    throw error
  } finally {
    await items.return?.()
  }
}

const refuse = (status: number): Response => new Response(null, { status })
/** Node's and the web's stream types describe the same object. */
const asWeb = (stream: Readable): ReadableStream => Readable.toWeb(stream)
