import { AppError, isCode } from '../../../shared/errors'
import type { FilePath } from '../../../shared/model'
import { pathPart } from '../engine/engine'
import { demux } from '../engine/demux'
import { timeLimit } from '../platform/time-limit'
import { bytesOf, isText, needsAgent, notThere, refused } from './file-name'
import type { At } from './road'

const limitMs = 120_000
/** A shell's words for "no such program" and "may not be run". */
const missing = [126, 127]

/**
 * Does with a container's own programs what the Engine API has no word for. Throws `engine.unsupported` where the
 * container does not run, has no such program, or the path cannot be said in JSON.
 */
export async function runInside(
  at: At,
  command: readonly string[],
  paths: readonly FilePath[],
): Promise<void> {
  const { root, signal } = at
  const texts = paths.map((path) => bytesOf(path).toString())
  if (root.kind !== 'container' || root.pid === 0 || !paths.every(isText)) throw needsAgent()
  const limit = timeLimit(signal, limitMs)
  const body = { Cmd: [...command, ...texts], User: '0:0', AttachStdout: true, AttachStderr: true }
  try {
    const path = `/containers/${pathPart(root.id)}/exec`
    const { Id } = await root.engine.json<{ Id: string }>({ method: 'POST', path, body, signal: limit })
    const { stream } = await root.engine.hijack({
      method: 'POST',
      path: `/exec/${Id}/start`,
      body: { Detach: false, Tty: false },
      signal: limit,
    })
    let said = ''
    for await (const { bytes: piece } of demux(stream)) said = (said + piece.toString()).slice(-2000)
    const { ExitCode } = await root.engine.json<{ ExitCode: number | null }>({ path: `/exec/${Id}/json` })
    if (ExitCode !== 0) throw toldBy(ExitCode ?? 1, said, paths[0] ?? '/')
  } catch (error) {
    // An older engine refuses the start itself when there is no such program.
    if (isCode(error, 'request.invalid') && error.facts['reason'] === undefined) throw needsAgent()
    throw error
  }
}

function toldBy(exitCode: number, said: string, path: FilePath): AppError {
  if (missing.includes(exitCode)) return needsAgent()
  if (/No such file/i.test(said)) return notThere(path)
  if (/Read-only file system/i.test(said)) return refused('read-only', path)
  if (/busy/i.test(said)) return refused('mount', path)
  const detail = said.trim()
  return new AppError('engine.failed', detail, { facts: { detail, path } })
}
