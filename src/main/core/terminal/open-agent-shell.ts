import type { AgentClient } from '../agent/agent-client'
import { AppError, isCode } from '../../../shared/errors'
import type { TerminalRefusal } from '../../../shared/model'
import { log } from '../platform/log'
import { timeLimit } from '../platform/time-limit'
import { AgentShell } from './agent-shell'
import { shellsBestFirst } from './find-shells'
import type { Size } from './session'

/** What the engine tells of a container that a terminal beside it needs to know. */
export interface RunningContainer {
  readonly Id: string
  readonly State?: {
    readonly Running?: boolean
    readonly Paused?: boolean
    readonly Restarting?: boolean
    readonly Pid?: number
  }
  readonly HostConfig?: { readonly Runtime?: string; readonly GroupAdd?: readonly string[] | null } | null
}

export interface AgentShellArgs {
  readonly container: RunningContainer
  /** Empty: the best shell that is there. */
  readonly command: readonly string[]
  readonly user: string
  readonly env: readonly string[]
  readonly size: Size
}

export interface AgentRoadTo {
  readonly agent: AgentClient
  readonly agentNow: () => AgentClient | undefined
}

export type OpenedByAgent =
  { readonly shell: AgentShell; readonly program: string } | { readonly refused: TerminalRefusal }

interface Answer {
  readonly session?: string
  readonly program?: string
  readonly refused?: { readonly reason: TerminalRefusal; readonly detail: string }
}

/** Longer than the agent's own limit. A terminal that does not open in this time is opened through the API. */
const openLimitMs = 12_000
/** Those whose first process is the container itself, and not what keeps it. */
const plainRuntimes = new Set(['', 'runc', 'crun', 'nvidia', 'io.containerd.runc.v2'])

/**
 * Opens a shell through the agent, or says why the engine's exec must do it. Throws what the person has to know:
 * a user or a shell that is not there.
 */
export async function openAgentShell(
  road: AgentRoadTo,
  args: AgentShellArgs,
  signal: AbortSignal,
): Promise<OpenedByAgent> {
  const refused = notFor(args.container)
  if (refused) return { refused }
  const container = args.container.Id
  try {
    const limit = timeLimit(signal, openLimitMs)
    const answer = await road.agent.call<Answer>('terminals.open', asked(args), limit)
    if (answer.session !== undefined)
      return { shell: new AgentShell({ ...road, session: answer.session }), program: answer.program ?? '' }
    log.info('terminal', 'the agent would not open the same', { container, ...answer.refused })
    return { refused: answer.refused?.reason ?? 'failed' }
  } catch (error) {
    if (signal.aborted) throw new AppError('cancelled', 'Cancelled')
    if (isCode(error, 'terminal.no-shell', 'request.invalid', 'input.invalid')) throw error
    log.warn('terminal', 'the agent opened no terminal', { container, error: String(error) })
    return { refused: 'failed' }
  }
}

/** What is not running the engine itself tells of in its own words. */
function notFor({ State, HostConfig }: RunningContainer): TerminalRefusal | undefined {
  if (!State?.Running || State.Paused === true || State.Restarting === true) return 'gone'
  return plainRuntimes.has(HostConfig?.Runtime ?? '') ? undefined : 'runtime'
}

/** As `terminals.open` takes it. */
const asked = ({ container, command, user, env, size }: AgentShellArgs): object => ({
  ...{ container: container.Id, pid: container.State?.Pid ?? 0, user, command, env, ...size },
  groupAdd: container.HostConfig?.GroupAdd ?? [],
  shells: command.length > 0 ? [] : shellsBestFirst,
})
