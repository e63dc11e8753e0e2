/** The one place where errno and HTTP answers of an engine become our codes. */
import { AppError, type ErrorCode, type Facts } from '../../../shared/errors'
import type { TlsProblem } from '../../../shared/model/tls-problem'
import { registryError } from './registry-error'

/** An engine's words may hold a whole build log. */
const maxDetail = 2_000

/** What went wrong below HTTP: sockets, TLS, parsing. `address` is shown to the person. */
export function transportError(thrown: unknown, address: string): AppError {
  if (thrown instanceof AppError) return thrown
  const error = thrown as NodeJS.ErrnoException
  const errno = typeof error?.code === 'string' ? error.code : ''
  const code = transportCode(errno)
  const reason = errno || String(error?.message ?? thrown)
  const tls = code === 'engine.tls' ? tlsProblem(errno) : undefined
  return new AppError(code, `${address}: ${reason}`, {
    facts: { address, reason, ...(tls && { tls }) },
    cause: thrown,
  })
}

/** OpenSSL's and Node's names for it: https://docs.openssl.org/master/man1/openssl-verification-options */
function tlsProblem(errno: string): TlsProblem | undefined {
  if (/^(DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|INVALID_CA|CERT_(UNTRUSTED|SIGNATURE))/.test(errno))
    return 'authority'
  if (/ALTNAME|HOSTNAME/.test(errno)) return 'name'
  if (/CERT_(HAS_EXPIRED|NOT_YET_VALID)/.test(errno)) return 'date'
  if (/ALERT/.test(errno)) return 'refused'
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH|EPROTO/.test(errno)) return 'plain'
  return /^ERR_OSSL/.test(errno) ? 'files' : undefined
}

function transportCode(errno: string): ErrorCode {
  if (errno === 'ENOENT' || errno === 'ENOTDIR') return 'engine.socket-missing'
  if (errno === 'EACCES' || errno === 'EPERM') return 'engine.forbidden'
  if (errno.startsWith('HPE_')) return 'engine.bad-answer'
  const isTls =
    /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_|EPROTO|INVALID_CA)/
  return isTls.test(errno) ? 'engine.tls' : 'engine.unreachable'
}

/** A deadline passed while the engine kept silent. */
export const silent = (address: string, afterMs: number): AppError =>
  new AppError('engine.not-responding', `${address} gave no answer in ${afterMs / 1000} s`, {
    facts: { address, afterMs },
  })

export const cancelled = (): AppError => new AppError('cancelled', 'Cancelled')

export interface Refusal {
  readonly method: string
  /** The request's path without version and query. */
  readonly path: string
  readonly status: number
  readonly body: string
}

/** An answer of 4xx or 5xx. */
export function refusalError(refusal: Refusal): AppError {
  const detail = wordsOf(refusal.body) || `HTTP ${refusal.status}`
  return (
    byWords(detail, refusal) ??
    new AppError(byStatus(refusal, detail), detail, { facts: factsOf(refusal, detail) })
  )
}

/**
 * A progress line of pull, push, load or build that tells a failure (`{error, errorDetail}`), as an error;
 * `undefined` for all other lines. A load reads a `file`: its "unexpected EOF" is no network's.
 */
export function progressError(line: unknown, from: 'registry' | 'file' = 'registry'): AppError | undefined {
  if (typeof line !== 'object' || line === null) return undefined
  const { error, errorDetail } = line as { error?: unknown; errorDetail?: { message?: unknown } | null }
  const words = errorDetail?.message ?? error
  if (typeof words !== 'string' || words === '') return undefined
  const detail = words.slice(0, maxDetail)
  return (
    localError(detail) ??
    (from === 'registry' ? registryError(detail) : undefined) ??
    (/invalid reference|unexpected EOF|verification failed|digest|archive\/tar|manifest\.json|no such file or directory/i.test(
      detail,
    )
      ? new AppError('image.damaged', detail, { facts: { detail } })
      : new AppError('engine.failed', detail, { facts: { detail } }))
  )
}

/** Docker says `{"message"}`, Podman `{"cause","message","response"}`, a proxy in between plain text. */
function wordsOf(body: string): string {
  try {
    const answer = JSON.parse(body) as { message?: unknown; cause?: unknown } | null
    const words = answer?.message ?? answer?.cause
    if (typeof words === 'string') return words.trim().slice(0, maxDetail)
  } catch {
    // Not JSON: its text is the best there is.
  }
  return body.trim().slice(0, maxDetail)
}

const isTowardsRegistry = (path: string): boolean =>
  /^\/(images\/create|images\/.+\/push|build|distribution\/|auth|plugins\/pull)/.test(path)

function byWords(detail: string, refusal: Refusal): AppError | undefined {
  if (/HTTP request to an HTTPS server/i.test(detail)) {
    return new AppError('engine.tls', 'The engine wants TLS', { facts: { detail, tls: 'wanted' } })
  }
  if (/client version \S+ is too (old|new)|client is (newer|too old)/i.test(detail)) {
    return new AppError('engine.too-old', detail, { facts: { detail } })
  }
  const isInput = refusal.status === 400 && /invalid reference|parsing/i.test(detail)
  return (
    localError(detail) ?? (isTowardsRegistry(refusal.path) && !isInput ? registryError(detail) : undefined)
  )
}

/** What the engine's host lacks: the same words whichever call met it. */
function localError(detail: string): AppError | undefined {
  if (/no space left on device|disk quota exceeded/i.test(detail)) {
    return new AppError('disk.full', detail, { facts: { detail } })
  }
  if (!/port is already allocated|address already in use|ports are not available/i.test(detail))
    return undefined
  // `Bind for 0.0.0.0:8080 failed`, `listen tcp4 0.0.0.0:80: bind`, `failed to bind host port for [::]:80:…`
  const found =
    /(?:bind for|listen (?:tcp|udp)[46]?|host port(?: for)?|exposing port \w+) \S*?:(\d{1,5})\b/i.exec(detail)
  const port = found ? Number(found[1]) : undefined
  return new AppError('port.in-use', detail, { facts: { detail, ...(port && { port }) } })
}

function byStatus({ status, method, path }: Refusal, detail: string): ErrorCode {
  const isRemoval = method === 'DELETE'
  switch (status) {
    case 401:
      return path === '/auth' ? 'registry.unauthorized' : 'request.unauthorized'
    case 403:
      return refused403(detail)
    case 404:
      return /page not found/i.test(detail) ? 'engine.unsupported' : 'object.not-found'
    case 405:
    case 501:
      return 'engine.unsupported'
    case 409:
      return isRemoval ? 'object.in-use' : 'object.conflict'
    default:
      return status >= 500 ? 'engine.failed' : 'request.invalid'
  }
}

/** Networks answer 403 where all others answer 409. */
function refused403(detail: string): ErrorCode {
  if (/active endpoint/i.test(detail)) return 'object.in-use'
  return /pre-?defined/i.test(detail) ? 'object.conflict' : 'request.unauthorized'
}

/** Names for the words on screen, where the engine's own words tell them. */
function factsOf({ status }: Refusal, detail: string): Facts {
  const missing = /no such (container|image|volume|network|exec instance)/i.exec(detail)
  const taken = /name "\/?([^"]+)" is already in use by container "?(\w+)/i.exec(detail)
  return {
    detail,
    status,
    ...(missing?.[1] && { kind: missing[1].toLowerCase() }),
    ...(taken?.[1] && taken[2] && { name: taken[1], holder: taken[2] }),
  }
}
