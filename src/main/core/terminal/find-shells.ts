import { AppError, isCode } from '../../../shared/errors'
import type { EngineClient } from '../engine/engine'
import { timeLimit } from '../platform/time-limit'
import { runExec, type ExecOutput } from './exec'

/** Best first: what a person would choose to type in. */
export const shellsBestFirst = ['bash', 'zsh', 'fish', 'ash', 'sh'] as const

/**
 * Walks PATH with nothing but the shell itself; one exec then answers for all. `command -v` would not do: a
 * busybox shell also knows its built-in applets by name, and those cannot be started by an exec.
 */
const askForAll = `IFS=:; for s in ${shellsBestFirst.map((name) => `'${name}'`).join(' ')}; do for d in $PATH; do if [ -x "$d/$s" ]; then echo "$s"; break; fi; done; done; true`

export interface ShellSearch {
  readonly container: string
  readonly user: string
}

/** Each search is a few short programs. An engine or container that hangs must not hold a terminal for ever. */
const searchTimeoutMs = 20_000

/** The shells of a running container, best first. None is an answer: many images have none. */
export async function findShells(
  engine: EngineClient,
  search: ShellSearch,
  signal: AbortSignal,
): Promise<string[]> {
  const limited = timeLimit(signal, searchTimeoutMs)
  const asked = await tryRun(engine, { ...search, command: ['sh', '-c', askForAll] }, limited)
  if (asked.exitCode === 0) {
    const found = new Set(asked.output.split(/\s+/))
    return shellsBestFirst.filter((shell) => shell === 'sh' || found.has(shell))
  }
  refuseUser(asked, search)
  const found: string[] = []
  for (const shell of shellsBestFirst.filter((name) => name !== 'sh')) {
    const { exitCode } = await tryRun(engine, { ...search, command: [shell, '-c', 'exit 0'] }, limited)
    if (exitCode === 0) found.push(shell)
  }
  return found
}

/** Newer engines refuse a missing program with an error, older ones with exit code 126 and a sentence. */
async function tryRun(
  engine: EngineClient,
  spec: Parameters<typeof runExec>[1],
  signal: AbortSignal,
): Promise<ExecOutput> {
  try {
    return await runExec(engine, spec, signal)
  } catch (error) {
    const detail = isCode(error, 'request.invalid', 'engine.failed', 'object.not-found') && error.facts.detail
    if (typeof detail !== 'string' || !isExecRefusal(detail)) throw error
    return { exitCode: 126, output: detail }
  }
}

/** The last are containerd's own words. */
const noUser = /unable to find (user|group)|no matching entries in passwd|^no (users|groups) found/i
const noProgram =
  /OCI runtime exec failed|executable file not found|no such file or directory|permission denied/i

/** What the engine writes into the terminal itself, or answers, when an exec cannot begin. */
export const isExecRefusal = (text: string): boolean => noUser.test(text) || noProgram.test(text)

/** Why an exec could not begin, from the engine's sentence. */
export function execRefusal(text: string, asked: { shell: string; user: string }): AppError | undefined {
  const detail = text.trim().slice(0, 500)
  if (noUser.test(text)) {
    return new AppError('request.invalid', `The container has no user ${asked.user}`, {
      facts: { detail, user: asked.user, problem: 'no-such-user' },
    })
  }
  if (!noProgram.test(text)) return undefined
  return new AppError('terminal.no-shell', `The container has no ${asked.shell} that can be run`, {
    facts: { detail, shell: asked.shell },
  })
}

function refuseUser({ output }: ExecOutput, { user }: ShellSearch): void {
  const refusal = execRefusal(output, { shell: 'sh', user })
  if (refusal?.code === 'request.invalid') throw refusal
}
