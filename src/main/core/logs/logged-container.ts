import { pathPart, type EngineClient } from '../engine/engine'

/** A container as far as its log needs it. */
export interface LoggedContainer {
  /** The whole id, however it was asked for. */
  readonly id: string
  /** Where the engine writes its log: `json-file`, `journald`, … */
  readonly driver: string
  readonly isTty: boolean
  /** Also while it restarts: more lines will come. */
  readonly isRunning: boolean
  /** Of the last run, once it has ended. */
  readonly exitCode?: number
  /** When that was, by the engine's clock. */
  readonly endedAtMs?: number
}

interface Inspected {
  readonly Id?: string
  readonly HostConfig?: { readonly LogConfig?: { readonly Type?: string } }
  readonly Config?: { readonly Tty?: boolean }
  readonly State?: {
    readonly Running?: boolean
    readonly Restarting?: boolean
    readonly ExitCode?: number
    readonly StartedAt?: string
    readonly FinishedAt?: string
  }
}

export async function lookAt(
  engine: EngineClient,
  id: string,
  signal?: AbortSignal,
): Promise<LoggedContainer> {
  const answer = await engine.json<Inspected>({
    path: `/containers/${pathPart(id)}/json`,
    ...(signal && { signal }),
  })
  return {
    id: answer.Id ?? id,
    driver: answer.HostConfig?.LogConfig?.Type ?? '',
    isTty: answer.Config?.Tty ?? false,
    ...runOf(answer.State ?? {}),
  }
}

function runOf(
  state: NonNullable<Inspected['State']>,
): Pick<LoggedContainer, 'isRunning' | 'exitCode' | 'endedAtMs'> {
  const isRunning = state.Running === true || state.Restarting === true
  const hasRun = state.StartedAt !== undefined && !state.StartedAt.startsWith('0001-')
  if (isRunning || !hasRun) return { isRunning }
  return { isRunning, exitCode: state.ExitCode ?? 0, endedAtMs: Date.parse(state.FinishedAt ?? '') }
}

export interface LogQuery {
  readonly follow: boolean
  readonly timestamps: boolean
  readonly tail?: number | undefined
  /** Unix seconds with up to nine digits of fraction. */
  readonly since?: string | number | undefined
  readonly until?: string | number | undefined
}
