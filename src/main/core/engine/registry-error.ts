import { AppError, type ErrorCode } from '../../../shared/errors'

/** What the engine says of a registry, in its order of meaning: the first that fits counts. */
const meanings: readonly (readonly [RegExp, ErrorCode])[] = [
  [/toomanyrequests|too many requests|pull rate limit|\b429\b/i, 'registry.rate-limited'],
  // The digest of what came is not the digest of what was asked for, or the tar inside is cut.
  [
    /verification failed|failed to verify|digest .*mismatch|unexpected commit digest|invalid tar header/i,
    'image.damaged',
  ],
  // A registry that asks for a password hides nothing, though containerd wraps its words in those of one that does.
  [/no basic auth credentials/i, 'registry.unauthorized'],
  // Docker Hub hides whether a repository is private or missing; a typing error is by far more common.
  [/repository does not exist|repository name not known|name unknown/i, 'registry.not-found'],
  [
    /manifest unknown|manifest for .* not found|no matching manifest|no match for platform|failed to resolve reference.*not found/i,
    'registry.not-found',
  ],
  [
    /unauthorized|authentication required|access.*denied|\bdenied\b|incorrect username or password|insufficient_scope|\b40[13]\b/i,
    'registry.unauthorized',
  ],
  [
    /dial tcp|lookup .+: |no such host|server misbehaving|x509:|tls: |TLS handshake|server gave HTTP response|i\/o timeout|Client\.Timeout|deadline exceeded|connection re(?:set|fused)|network is unreachable|no route to host|request canceled while waiting|: EOF$|unexpected EOF|\b50[0-4] |unexpected status.* 5\d\d|Service Unavailable|proxyconnect/i,
    'registry.unreachable',
  ],
]

/** The meaning of an engine's words about a registry, when they have one. */
export function registryError(detail: string, cause?: unknown): AppError | undefined {
  const found = meanings.find(([pattern]) => pattern.test(detail))
  if (!found) return undefined
  const [, code] = found
  const mayNeedLogin = code === 'registry.not-found' && /docker login|denied/i.test(detail)
  return new AppError(code, `The registry: ${detail}`, {
    facts: { detail, ...(mayNeedLogin && { mayNeedLogin }) },
    cause,
  })
}
