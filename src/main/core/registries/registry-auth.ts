import { AppError } from '../../../shared/errors'
import { parseReference } from '../../../shared/run/reference'
import { askHelper } from './credential-helper'
import { dockerConfigPath, readDockerConfig, type AuthEntry, type DockerConfig } from './docker-config'

/**
 * What goes with a pull. `problem` says why there is no header although there may be credentials: it is
 * the person's problem only when the registry then refuses, as most pulls need no login at all.
 */
export interface RegistryAuth {
  /** The value of `X-Registry-Auth`: a secret, for the engine's ears only. */
  readonly header?: string
  readonly problem?: AppError
}

export type AuthHeaderFor = (reference: string, signal?: AbortSignal) => Promise<RegistryAuth>

/** Where docker keeps the login of Docker Hub, for historical reasons. */
const hubKey = 'https://index.docker.io/v1/'
/** The user name under which helpers hand out an identity token in place of a password. */
const tokenUser = '<token>'

export interface RegistriesDeps {
  /** The environment in which docker's config and its helpers are looked for. */
  readonly env?: NodeJS.ProcessEnv
}

/** Finds the credentials for the registry of a reference, as docker's own CLI would. Never throws but on abort. */
export function createAuthHeaderFor({ env = process.env }: RegistriesDeps = {}): AuthHeaderFor {
  return async (reference, signal) => {
    const parsed = parseReference(reference)
    if (!parsed.ok) return {}
    const key = parsed.value.domain === 'docker.io' ? hubKey : parsed.value.domain
    try {
      const config = await readDockerConfig(dockerConfigPath(env))
      const found = await credentialsFor(config, { key, env, ...(signal && { signal }) })
      return found ? { header: encode({ ...found, serveraddress: key }) } : {}
    } catch (error) {
      signal?.throwIfAborted()
      if (error instanceof AppError) return { problem: error }
      throw error
    }
  }
}

type Wanted = { readonly key: string; readonly env: NodeJS.ProcessEnv; readonly signal?: AbortSignal }
type Found = { username: string; password: string } | { identitytoken: string }

async function credentialsFor(config: DockerConfig, wanted: Wanted): Promise<Found | undefined> {
  const helper = byHost(config.credHelpers, wanted.key) ?? config.credsStore
  if (!helper) return fromEntry(byHost(config.auths, wanted.key))
  const { key: registry, env, signal } = wanted
  const answer = await askHelper({ name: helper, registry, env, ...(signal && { signal }) })
  if (!answer) return undefined
  if (answer.username === tokenUser) return { identitytoken: answer.secret }
  return { username: answer.username, password: answer.secret }
}

function fromEntry(entry: AuthEntry | undefined): Found | undefined {
  if (!entry) return undefined
  if (entry.identitytoken) return { identitytoken: entry.identitytoken }
  const decoded = Buffer.from(entry.auth, 'base64').toString('utf8').replace(/\0+$/, '')
  const colon = decoded.indexOf(':')
  if (colon > 0) return { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) }
  if (entry.username) return { username: entry.username, password: entry.password }
  return undefined
}

/** Old configs hold `https://host/v1/` where newer ones hold `host`: both mean the host. */
function byHost<T>(entries: Readonly<Record<string, T>>, key: string): T | undefined {
  if (Object.hasOwn(entries, key)) return entries[key]
  const host = hostOf(key)
  return Object.entries(entries).find(([name]) => hostOf(name) === host)?.[1]
}

export const hostOf = (key: string): string => {
  const host = key.replace(/^https?:\/\//, '').replace(/\/.*$/, '')
  return host === 'index.docker.io' || host === 'registry-1.docker.io' ? 'docker.io' : host
}

/** URL-safe base64 of JSON: the Engine API's `X-Registry-Auth`. */
const encode = (value: object): string =>
  Buffer.from(JSON.stringify(value)).toString('base64').replaceAll('+', '-').replaceAll('/', '_')
