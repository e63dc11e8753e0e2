import { readFile, rm } from 'node:fs/promises'
import { joinOrStartCore } from '../core/core'
import { writeAtomic } from '../core/platform/atomic-file'
import { log } from '../core/platform/log'
import { dataDirOf, pathsOf } from '../core/platform/paths'
import { LastingCore } from './lasting-core'
import { readServeOptions, serveHelp, UsageError, type ServeOptions } from './options'
import { startWindowServer, type WindowServer } from './server'

export interface ServeSurroundings {
  readonly rendererDir: string
  /** To the person: what was asked for, and what went wrong. */
  readonly say: (text: string) => void
  readonly complain: (text: string) => void
}

/** Runs `slipway serve` until a signal. Answers the exit code. */
export async function serve(args: readonly string[], around: ServeSurroundings): Promise<number> {
  let options: ServeOptions | undefined
  try {
    options = readServeOptions(args)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    around.complain(error.message)
    return 2
  }
  if (!options) {
    around.say(serveHelp)
    return 0
  }
  // Listened for before anything is started: a signal in the middle must still undo what is there.
  const ended = signalled()
  const core = new LastingCore(() => joinOrStartCore({ host: 'serve' }))
  try {
    await core.ready()
    await serveUntil(ended, core, { ...options, ...around })
    return 0
  } catch (error) {
    log.error('serve', 'cannot serve', { error: String(error) })
    around.complain(`Slipway cannot be served: ${(error as Error).message}`)
    return 1
  } finally {
    await core.close()
  }
}

async function serveUntil(
  ended: Promise<void>,
  core: LastingCore,
  options: ServeOptions & ServeSurroundings,
): Promise<void> {
  const server = await startWindowServer({
    ...options,
    accept: (transport) => core.accept(transport),
  })
  const tokenFile = pathsOf(dataDirOf({ env: process.env })).serveToken
  try {
    await writeAtomic(tokenFile, `${server.token}\n`)
    options.say(`Slipway is at ${server.url}`)
    await ended
  } finally {
    await server.close()
    await forgetToken(tokenFile, server)
  }
}

/** Another serve may have put its own there meanwhile. */
async function forgetToken(tokenFile: string, server: WindowServer): Promise<void> {
  const text = await readFile(tokenFile, 'utf8').catch(() => '')
  if (text.trim() === server.token) await rm(tokenFile, { force: true })
}

const signalled = (): Promise<void> =>
  new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => resolve())
  })
