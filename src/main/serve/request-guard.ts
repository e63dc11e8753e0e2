import type { IncomingMessage } from 'node:http'

/**
 * Who may ask at all. The Host must be one of our own names: a foreign name that was made to resolve to
 * 127.0.0.1 (DNS rebinding) still carries itself in Host. Answers the status to refuse with.
 */
export function refuseRequest(request: IncomingMessage, port: number): number | undefined {
  if (hostOf(request, port) === undefined) return 421
  // A browser sends Origin with what another page made it send; our own page's plain GETs carry none.
  const { origin } = request.headers
  if (origin !== undefined && !isOwnOrigin(request, port)) return 403
  if (!request.url?.startsWith('/')) return 400
  return undefined
}

/** For a body: only our own page sends one, and a browser names the page and the length. */
export function refuseUpload(request: IncomingMessage, port: number): number | undefined {
  if (request.method !== 'POST') return 405
  if (!isOwnOrigin(request, port)) return 403
  return request.headers['content-length'] === undefined ? 411 : undefined
}

/** For a WebSocket: only our own page opens one, and a browser always names the page it comes from. */
export function refuseUpgrade(request: IncomingMessage, port: number): number | undefined {
  if (hostOf(request, port) === undefined) return 421
  if (!isOwnOrigin(request, port)) return 403
  if (request.url !== '/ws') return 404
  return undefined
}

/** The request's Host when it is ours. */
export function hostOf(request: IncomingMessage, port: number): string | undefined {
  const host = only(request, 'host')
  return host !== undefined && ownHosts(port).includes(host) ? host : undefined
}

function isOwnOrigin(request: IncomingMessage, port: number): boolean {
  const origin = only(request, 'origin')
  return origin !== undefined && origin === `http://${hostOf(request, port) ?? ''}`
}

const ownHosts = (port: number): readonly string[] => [
  `127.0.0.1:${port}`,
  `localhost:${port}`,
  `[::1]:${port}`,
]

/** Node keeps the first of two Host headers and joins two Origins: a request with two is nobody's. */
function only(request: IncomingMessage, name: string): string | undefined {
  const { rawHeaders } = request
  const values = rawHeaders.filter((_, n) => n % 2 === 1 && rawHeaders[n - 1]?.toLowerCase() === name)
  return values.length === 1 ? values[0] : undefined
}
