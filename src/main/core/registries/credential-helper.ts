import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'
import * as v from 'valibot'
import { AppError } from '../../../shared/errors'
import { run } from '../platform/child'

export interface Credentials {
  readonly username: string
  readonly secret: string
}

interface Asking {
  /** As in `docker-credential-<name>`. */
  readonly name: string
  readonly registry: string
  readonly env: NodeJS.ProcessEnv
  readonly signal?: AbortSignal
}

const helperDeadlineMs = 5000
const answerSchema = v.object({ Username: v.string(), Secret: v.string() })

/** What helpers print, by the docker-credential-helpers protocol, when they hold nothing. */
const holdsNothing = /credentials not found in native keychain/i

type Problem = 'missing' | 'failed' | 'timeout' | 'garbage'

/**
 * Asks a credential helper (`get`, the registry on its input). `undefined`: it holds none. What a helper
 * prints may be a secret, so none of it stands in an error.
 */
export async function askHelper(asking: Asking): Promise<Credentials | undefined> {
  const path = await findHelper(asking)
  const ran = await run(path, ['get'], {
    input: asking.registry,
    env: asking.env,
    timeoutMs: helperDeadlineMs,
    ...(asking.signal && { signal: asking.signal }),
  }).catch((cause: unknown) => {
    asking.signal?.throwIfAborted()
    throw refused(asking, cause instanceof AppError ? 'failed' : 'timeout')
  })
  if (ran.code !== 0) {
    if (holdsNothing.test(ran.stdout) || holdsNothing.test(ran.stderr)) return undefined
    throw refused(asking, 'failed')
  }
  return readAnswer(ran.stdout, asking)
}

function readAnswer(stdout: string, asking: Asking): Credentials | undefined {
  let value: unknown
  try {
    value = JSON.parse(stdout)
  } catch {
    throw refused(asking, 'garbage')
  }
  const answer = v.safeParse(answerSchema, value)
  if (!answer.success) throw refused(asking, 'garbage')
  const { Username: username, Secret: secret } = answer.output
  return secret === '' ? undefined : { username, secret }
}

/** By absolute path and only from absolute folders of PATH: never from where we happen to stand. */
async function findHelper(asking: Asking): Promise<string> {
  const file = `docker-credential-${asking.name}`
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(asking.name)) throw refused(asking, 'missing')
  for (const folder of (asking.env.PATH ?? '').split(delimiter)) {
    if (!isAbsolute(folder)) continue
    const path = join(folder, file)
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isThere) return path
  }
  throw refused(asking, 'missing')
}

function refused({ name, registry }: Asking, problem: Problem): AppError {
  const helper = `docker-credential-${name}`
  const words: Record<Problem, string> = {
    missing: `${helper} was not found on PATH`,
    failed: `${helper} failed`,
    timeout: `${helper} did not answer within ${helperDeadlineMs / 1000} s`,
    garbage: `${helper} gave an answer that is not credentials`,
  }
  return new AppError('registry.unauthorized', words[problem], {
    facts: { registry, helper, problem: `helper-${problem}` },
  })
}
