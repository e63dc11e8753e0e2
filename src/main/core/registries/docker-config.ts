import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { AppError } from '../../../shared/errors'

/** What docker's own config says about registries. We only ever read that file. */
export interface DockerConfig {
  readonly auths: Readonly<Record<string, AuthEntry>>
  readonly credsStore: string
  /** By registry; wins over `credsStore`. */
  readonly credHelpers: Readonly<Record<string, string>>
}

const text = v.optional(v.string(), '')
const authEntry = v.object({ auth: text, username: text, password: text, identitytoken: text })
const schema = v.object({
  auths: v.optional(v.record(v.string(), authEntry), {}),
  credsStore: text,
  credHelpers: v.optional(v.record(v.string(), v.string()), {}),
})
export type AuthEntry = v.InferOutput<typeof authEntry>

const nothing: DockerConfig = { auths: {}, credsStore: '', credHelpers: {} }

/** `$DOCKER_CONFIG/config.json`, else `~/.docker/config.json`: the rule of docker's own CLI. */
export function dockerConfigPath(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.DOCKER_CONFIG || join(homedir(), '.docker'), 'config.json')
}

/** Read anew each time: it is small, and `docker login` changes it behind us. No file is no credentials. */
export async function readDockerConfig(path: string): Promise<DockerConfig> {
  let content: string
  try {
    content = await readFile(path, 'utf8')
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    if (reason === 'ENOENT' || reason === 'ENOTDIR') return nothing
    throw unreadable(path, reason)
  }
  const parsed = v.safeParse(schema, parseJson(content))
  if (!parsed.success) throw unreadable(path, 'not-docker-config')
  return parsed.output
}

/** No `cause`: a parser quotes what it stumbled over, and that may be a password. */
const unreadable = (path: string, reason: string): AppError =>
  new AppError('file.failed', `Docker's config ${path} cannot be read (${reason})`, {
    facts: { path, reason },
  })

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content.replace(/^\uFEFF/, '')) as unknown
  } catch {
    return undefined
  }
}
