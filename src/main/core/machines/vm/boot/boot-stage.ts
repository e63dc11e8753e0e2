import { AppError } from '../../../../../shared/errors'
import type { BootStageName } from '../../../../../shared/model'
import { timeLimit } from '../../../platform/time-limit'
import { DeadlineError } from '../../../platform/wait-for'
import type { BootTimeline } from './boot-timeline'
import type { GuestConsole } from '../guest/guest-console'
import type { Mark } from '../guest/marks'

/** Waits for a word of the guest under its stage's deadline. */
export async function mark(
  { timeline, console, signal }: Staged & { readonly console: GuestConsole },
  wanted: { stage: BootStageName; mark: Mark },
): Promise<void> {
  const timeoutMs = timeline.deadlineMs(wanted.stage)
  await console.reached(wanted.mark, { signal, timeoutMs }).catch((error: unknown) => {
    throw error instanceof DeadlineError ? late(wanted.stage, timeoutMs, error) : error
  })
}

export interface Staged {
  readonly timeline: BootTimeline
  readonly signal: AbortSignal
}

/** One stage's work under its deadline, until the signal ends. */
export async function within<T>(
  { timeline, signal: outer }: Staged,
  stage: BootStageName,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const timeoutMs = timeline.deadlineMs(stage)
  const limit = timeLimit(outer, timeoutMs)
  try {
    return await work(limit)
  } catch (error) {
    outer.throwIfAborted()
    throw limit.aborted ? late(stage, timeoutMs, error) : error
  }
}

const late = (stage: BootStageName, timeoutMs: number, cause: unknown): AppError =>
  new AppError('machine.boot-timeout', `The machine did not get past ${stage} in time`, {
    facts: { stage, seconds: Math.round(timeoutMs / 1000) },
    cause,
  })
