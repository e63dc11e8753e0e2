import type { ContainerDetail } from '../../../../shared/model'

/** Why a container is not running, as a fact that the window has words for. */
export type Why =
  | { readonly kind: 'never-started' }
  /** The engine could not start it at all: its own words say why. */
  | { readonly kind: 'engine-error' }
  | { readonly kind: 'finished' }
  | { readonly kind: 'out-of-memory' }
  | { readonly kind: 'not-executable' }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'run-failed' }
  | { readonly kind: 'killed' }
  | { readonly kind: 'crashed'; readonly signal: string }
  | { readonly kind: 'stopped'; readonly signal: string }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'general-error' }
  | { readonly kind: 'misuse' }
  | { readonly kind: 'failed' }

export interface Ended {
  readonly why: Why
  readonly isBad: boolean
  readonly exitCode?: number
  /** The engine's own words; empty where it has none. */
  readonly engineError: string
  readonly ranMs?: number
  readonly finishedAtMs?: number
  readonly restartCount: number
}

// Linux's numbers, as 128 + signal is what a shell and the engine make of them.
const signalNames: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  5: 'SIGTRAP',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  10: 'SIGUSR1',
  11: 'SIGSEGV',
  12: 'SIGUSR2',
  13: 'SIGPIPE',
  14: 'SIGALRM',
  15: 'SIGTERM',
  24: 'SIGXCPU',
  25: 'SIGXFSZ',
  31: 'SIGSYS',
}

export const signalOf = (exitCode: number): string | undefined => signalNames[exitCode - 128]

const crashes = new Set(['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGTRAP', 'SIGSYS'])
const asked = new Set(['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP'])

/** Absent while it runs. A container between two restarts tells why its last run ended. */
export function endedOf(detail: ContainerDetail): Ended | undefined {
  if (detail.running && !detail.restarting) return undefined
  const { ending, restartCount } = detail
  if (!ending) return { why: { kind: 'never-started' }, isBad: false, engineError: '', restartCount }
  const why = whyOf(ending)
  return {
    why,
    isBad: why.kind !== 'finished' && why.kind !== 'stopped' && why.kind !== 'never-started',
    exitCode: ending.exitCode,
    engineError: ending.error,
    // A container that the engine could not start has run for no time at all: not worth a line.
    ...(ending.ranMs > 0 && { ranMs: ending.ranMs }),
    ...(ending.finishedAtMs > 0 && { finishedAtMs: ending.finishedAtMs }),
    restartCount,
  }
}

function whyOf(ending: NonNullable<ContainerDetail['ending']>): Why {
  const { exitCode, oomKilled, error } = ending
  // Of a container with many processes one may have been killed for memory while the main one ended well.
  if (oomKilled && exitCode !== 0) return { kind: 'out-of-memory' }
  const signal = ending.signal ?? signalOf(exitCode)
  if (signal !== undefined) return ofSignal(signal)
  const known = byCode[exitCode]
  if (error !== '' && exitCode !== 126 && exitCode !== 127) return { kind: 'engine-error' }
  return known ?? { kind: 'failed' }
}

const byCode: Readonly<Record<number, Why>> = {
  0: { kind: 'finished' },
  1: { kind: 'general-error' },
  2: { kind: 'misuse' },
  125: { kind: 'run-failed' },
  126: { kind: 'not-executable' },
  127: { kind: 'not-found' },
}

function ofSignal(signal: string): Why {
  if (signal === 'SIGKILL') return { kind: 'killed' }
  if (crashes.has(signal)) return { kind: 'crashed', signal }
  return asked.has(signal) ? { kind: 'stopped', signal } : { kind: 'signal', signal }
}
