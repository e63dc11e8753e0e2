/** Image references by the grammar of distribution/reference, and Docker's short forms. */
export interface Reference {
  /** `docker.io` when none is written. */
  readonly domain: string
  /** `library/nginx` for `nginx`. */
  readonly path: string
  readonly tag?: string
  readonly digest?: string
  /** As people write it: without `docker.io/` and `library/`. */
  readonly familiar: string
}

export const referenceProblems = [
  'reference.empty',
  'reference.space',
  'reference.uppercase',
  'reference.bad-domain',
  'reference.bad-path',
  'reference.bad-tag',
  'reference.bad-digest',
  'reference.too-long',
  'reference.is-id',
] as const
export type ReferenceProblem = (typeof referenceProblems)[number]

export type ParsedReference =
  | { readonly ok: true; readonly value: Reference }
  | { readonly ok: false; readonly problem: ReferenceProblem }

const label = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])'
const domainShape = new RegExp(`^(?:${label}(?:\\.${label})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`)
const pathShape = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/
const tagShape = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/
const digestShape = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/

export function parseReference(text: string): ParsedReference {
  if (text === '') return bad('reference.empty')
  if (/\s/.test(text)) return bad('reference.space')
  // The grammar refuses these, so that an id is never taken for a name.
  if (/^[a-f0-9]{64}$/.test(text)) return bad('reference.is-id')
  const { name, tag, digest } = splitTail(text)
  if (digest !== undefined && !isDigest(digest)) return bad('reference.bad-digest')
  if (tag !== undefined && !tagShape.test(tag)) return bad('reference.bad-tag')
  const { domain, path } = splitDomain(name)
  const problem = problemOfName(domain, path)
  if (problem) return bad(problem)
  const tail = { ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) }
  return { ok: true, value: { domain, path, ...tail, familiar: familiarOf({ domain, path, ...tail }) } }
}

function familiarOf(parts: Omit<Reference, 'familiar'>): string {
  const { domain, path, tag, digest } = parts
  const short = domain === 'docker.io' ? path.replace(/^library\/(?=[^/]+$)/, '') : `${domain}/${path}`
  return `${short}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`
}

const bad = (problem: ReferenceProblem): ParsedReference => ({ ok: false, problem })

function isDigest(digest: string): boolean {
  if (!digestShape.test(digest)) return false
  return !digest.startsWith('sha256:') || /^sha256:[a-f0-9]{64}$/.test(digest)
}

function splitTail(text: string): { name: string; tag?: string; digest?: string } {
  const at = text.indexOf('@')
  const digest = at < 0 ? undefined : text.slice(at + 1)
  const named = at < 0 ? text : text.slice(0, at)
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1)
  // `localhost:5000` alone is a name with a tag, as Docker reads it.
  const tag = colon < 0 ? undefined : named.slice(colon + 1)
  return {
    name: colon < 0 ? named : named.slice(0, colon),
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  }
}

/** Docker's rule: the first part is a domain when it has a dot, a colon or capitals, or is `localhost`. */
function splitDomain(name: string): { domain: string; path: string } {
  const slash = name.indexOf('/')
  const first = name.slice(0, Math.max(slash, 0))
  const isDomain =
    slash >= 0 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase())
  const domain = isDomain ? first : 'docker.io'
  const path = isDomain ? name.slice(slash + 1) : name
  if (domain !== 'docker.io' && domain !== 'index.docker.io') return { domain, path }
  return { domain: 'docker.io', path: path.includes('/') || path === '' ? path : `library/${path}` }
}

function problemOfName(domain: string, path: string): ReferenceProblem | undefined {
  if (!domainShape.test(domain)) return 'reference.bad-domain'
  if (path === '') return 'reference.bad-path'
  if (/[A-Z]/.test(path) && pathShape.test(path.toLowerCase())) return 'reference.uppercase'
  if (!pathShape.test(path)) return 'reference.bad-path'
  return path.length > 255 ? 'reference.too-long' : undefined
}
