import { AppError } from '../../../shared/errors'
import { pathPart, type EngineClient } from '../engine/engine'
import { ContainerShell } from './container-shell'
import { createExec, startExec } from './exec'
import { markerName } from './exec-hangup'
import { execRefusal, findShells } from './find-shells'
import type { Size } from './session'

export interface ContainerShellArgs {
  readonly container: string
  /** A program, perhaps with arguments; empty: found by itself. */
  readonly shell: string
  readonly user: string
  readonly size: Size
  readonly marker: string
}

export interface OpenedShell {
  readonly shell: ContainerShell
  /** The full id. */
  readonly container: string
  readonly name: string
  readonly program: string
}

interface RawContainer {
  readonly Id: string
  readonly Name: string
  readonly Config?: { readonly Env?: readonly string[] | null } | null
}

/** Starts a shell in a running container. Throws `terminal.no-shell` where there is none. */
export async function openContainerShell(
  engine: EngineClient,
  args: ContainerShellArgs,
  signal: AbortSignal,
): Promise<OpenedShell> {
  const raw = await engine.json<RawContainer>({
    path: `/containers/${pathPart(args.container)}/json`,
    signal,
  })
  const name = raw.Name.replace(/^\//, '')
  const { user, marker, size } = args
  const found = args.shell.trim() || (await findShells(engine, { container: raw.Id, user }, signal))[0]
  if (found === undefined) {
    throw new AppError('terminal.no-shell', `${name} has no shell that we know`, {
      facts: { name, shell: '' },
    })
  }
  const command = found.split(/\s+/)
  const program = command[0] as string
  try {
    const env = [...envFor(raw), `${markerName}=${marker}`]
    const exec = await createExec(engine, { container: raw.Id, command, user, env, size }, signal)
    const stream = await startUntied(signal, (starting) =>
      startExec(engine, { id: exec, isTerminal: true }, starting),
    )
    const shell = new ContainerShell({
      engine,
      container: raw.Id,
      exec,
      stream,
      shell: program,
      user,
      marker,
      size,
    })
    return { shell, container: raw.Id, name, program }
  } catch (error) {
    throw refusalOf(error, { shell: program, user })
  }
}

/** A signal ends a stream that was opened with it, however late. The opener's must end only the opening. */
async function startUntied<T>(signal: AbortSignal, start: (starting: AbortSignal) => Promise<T>): Promise<T> {
  const starting = new AbortController()
  const stop = (): void => starting.abort()
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await start(starting.signal)
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** The engine says TERM=xterm by itself, which is a poorer terminal than ours. A language the image chose stays. */
function envFor({ Config }: RawContainer): string[] {
  const hasLanguage = (Config?.Env ?? []).some((pair) => /^(LANG|LC_ALL)=./.test(pair))
  return ['TERM=xterm-256color', ...(hasLanguage ? [] : ['LANG=C.UTF-8'])]
}

/** Newer engines answer the start itself with what older ones write into the terminal. */
function refusalOf(error: unknown, asked: { shell: string; user: string }): unknown {
  if (!(error instanceof AppError) || typeof error.facts.detail !== 'string') return error
  if (error.code === 'object.not-found' || error.code === 'object.conflict') return error
  return execRefusal(error.facts.detail, asked) ?? error
}
