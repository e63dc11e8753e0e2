import { createHash } from 'node:crypto'
import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../../shared/errors'
import type { EngineAddress, TlsFiles } from '../../../../shared/model'

type Env = Readonly<Record<string, string | undefined>>

export const dockerConfigDir = (env: Env, home: string): string =>
  env['DOCKER_CONFIG'] ?? join(home, '.docker')

/**
 * Reads what `DOCKER_HOST` and context files hold: `unix:///run/docker.sock`, `tcp://host:2376`, `ssh://me@host`.
 * Throws `input.invalid` for a form that we do not know (npipe, fd).
 */
export function parseHost(text: string): EngineAddress {
  const trimmed = text.trim()
  if (trimmed.startsWith('unix://')) {
    const path = trimmed.slice('unix://'.length)
    if (path.startsWith('/')) return { kind: 'unix', path }
  }
  const tcp = /^(?:tcp|https?):\/\/(\[[0-9a-f:.]+\]|[^:/[\]\s]+)(?::(\d{1,5}))?\/?$/i.exec(trimmed)
  const port = Number(tcp?.[2] ?? 2375)
  if (tcp && port > 0 && port < 65_536)
    return { kind: 'tcp', host: (tcp[1] as string).replace(/^\[|\]$/g, ''), port }
  const ssh = /^ssh:\/\/(?:([\w.][\w.@\\-]*)@)?(\[[0-9a-f:.]+\]|[\w.][\w.-]*)(?::(\d{1,5}))?\/?$/i.exec(
    trimmed,
  )
  if (ssh) return sshAddress(ssh)
  throw new AppError('input.invalid', 'Not an address of an engine that Slipway can reach', {
    facts: { path: 'address', problem: 'unknown-address', value: trimmed.slice(0, 200) },
  })
}

const sshAddress = ([, user, host, port]: RegExpExecArray): EngineAddress => ({
  kind: 'ssh',
  host: (host ?? '').replace(/^\[|\]$/g, ''),
  ...(user && { user }),
  ...(port && { port: Number(port) }),
})

/** `DOCKER_HOST` as the docker CLI reads it, with `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH`. */
export async function dockerHost(env: Env, home: string): Promise<EngineAddress | undefined> {
  const host = env['DOCKER_HOST']
  if (!host) return undefined
  const address = parseHost(host)
  if (address.kind !== 'tcp' || !env['DOCKER_TLS_VERIFY']) return address
  const tls = await tlsFilesIn(env['DOCKER_CERT_PATH'] ?? dockerConfigDir(env, home))
  return { ...address, tls }
}

export interface DockerContext {
  readonly name: string
  readonly address: EngineAddress
}

/** The context that `docker` uses now; `undefined` for the default one, which is the usual sockets. */
export async function currentContext(env: Env, home: string): Promise<DockerContext | undefined> {
  const dir = dockerConfigDir(env, home)
  const name = env['DOCKER_CONTEXT'] ?? (await contextName(join(dir, 'config.json')))
  if (!name || name === 'default') return undefined
  // The CLI names a context's folders by the digest of its name: cli/context/store/metadatastore.go.
  const id = createHash('sha256').update(name).digest('hex')
  const file = join(dir, 'contexts', 'meta', id, 'meta.json')
  const meta = await readJson(file)
  const endpoint = field(field(meta, 'Endpoints'), 'docker')
  const host = field(endpoint, 'Host')
  if (typeof host !== 'string')
    throw new AppError('file.failed', `The docker context ${name} cannot be read`, {
      facts: { path: file, reason: 'no-host', context: name },
    })
  const address = parseHost(host)
  if (address.kind !== 'tcp') return { name, address }
  const tls = await tlsFilesIn(join(dir, 'contexts', 'tls', id, 'docker'))
  return { name, address: Object.keys(tls).length > 0 ? { ...address, tls } : address }
}

async function contextName(file: string): Promise<string | undefined> {
  const name = field(await readJson(file).catch(() => undefined), 'currentContext')
  return typeof name === 'string' ? name : undefined
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'not-json'
    throw new AppError('file.failed', `Cannot read ${path}`, { facts: { path, reason }, cause })
  }
}

/** The three names that Docker's docs give; only those that are there. */
async function tlsFilesIn(dir: string): Promise<TlsFiles> {
  const there = async (name: string): Promise<string | undefined> => {
    const path = join(dir, name)
    return access(path).then(
      () => path,
      () => undefined,
    )
  }
  const [ca, cert, key] = await Promise.all([there('ca.pem'), there('cert.pem'), there('key.pem')])
  return { ...(ca && { caFile: ca }), ...(cert && { certFile: cert }), ...(key && { keyFile: key }) }
}
