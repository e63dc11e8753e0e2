import { AppError, isCode } from '../../../shared/errors'
import type { TerminalRoad } from '../../../shared/model'
import { pathPart, type EngineClient } from '../engine/engine'
import { ContainerShell } from './container-shell'
import { createExec, startExec } from './exec'
import { markerName } from './exec-hangup'
import { execRefusal, findShells } from './find-shells'
import {
  openAgentShell,
  type AgentRoadTo,
  type OpenedByAgent,
  type RunningContainer,
} from './open-agent-shell'
import type { Shell, Size } from './session'

export interface ContainerShellArgs {
  readonly container: string
  /** A program, perhaps with arguments; empty: found by itself. */
  readonly shell: string
  readonly user: string
  readonly size: Size
  readonly marker: string
}

export interface OpenedShell {
  readonly shell: Shell
  readonly road: TerminalRoad
  /** The full id. */
  readonly container: string
  readonly name: string
  readonly program: string
}

interface RawContainer extends RunningContainer {
  readonly Name: string
  readonly Config?: { readonly Env?: readonly string[] | null } | null
}

/** Where a container is: its engine, and the agent beside it where one runs. */
export interface ContainerHost {
  readonly engine: EngineClient
  readonly agent?: AgentRoadTo | undefined
}

/**
 * Starts a shell in a running container: by the agent where it gives the same as the engine's exec, else by that.
 * Throws `terminal.no-shell` where there is none.
 */
export async function openContainerShell(
  { engine, agent }: ContainerHost,
  args: ContainerShellArgs,
  signal: AbortSignal,
): Promise<OpenedShell> {
  const path = `/containers/${pathPart(args.container)}/json`
  const raw = await engine.json<RawContainer>({ path, signal })
  const named = { container: raw.Id, name: raw.Name.replace(/^\//, '') }
  const direct = agent && (await byAgent(agent, { raw, args, name: named.name }, signal))
  if (direct && 'shell' in direct) return { ...named, ...direct, road: { kind: 'agent' } }
  const road: TerminalRoad = { kind: 'api', ...(direct && { refused: direct.refused }) }
  return { ...named, ...(await byExec(engine, { raw, args, name: named.name }, signal)), road }
}

interface Opening {
  readonly raw: RawContainer
  readonly name: string
  readonly args: ContainerShellArgs
}

async function byAgent(
  agent: AgentRoadTo,
  { raw, args, name }: Opening,
  signal: AbortSignal,
): Promise<OpenedByAgent> {
  const { shell, user, size } = args
  const command = shell.trim() ? shell.trim().split(/\s+/) : []
  try {
    return await openAgentShell(agent, { container: raw, command, user, env: envFor(raw), size }, signal)
  } catch (error) {
    throw isCode(error, 'terminal.no-shell') && command.length === 0 ? noShell(name) : error
  }
}

const noShell = (name: string): AppError =>
  new AppError('terminal.no-shell', `${name} has no shell that we know`, { facts: { name, shell: '' } })

async function byExec(
  engine: EngineClient,
  { raw, args, name }: Opening,
  signal: AbortSignal,
): Promise<{ shell: ContainerShell; program: string }> {
  const { user, marker, size } = args
  const found = args.shell.trim() || (await findShells(engine, { container: raw.Id, user }, signal))[0]
  if (found === undefined) throw noShell(name)
  const command = found.split(/\s+/)
  const program = command[0] as string
  try {
    const env = [...envFor(raw), `${markerName}=${marker}`]
    const exec = await createExec(engine, { container: raw.Id, command, user, env, size }, signal)
    // Without the signal: a start that is broken off may run all the same, and nobody could end it then.
    const stream = await startExec(engine, { id: exec, isTerminal: true })
    const about = { engine, container: raw.Id, exec, stream, user, marker, size }
    return { shell: new ContainerShell({ ...about, shell: program }), program }
  } catch (error) {
    throw refusalOf(error, { shell: program, user })
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
