import { toWire } from '../../../../../shared/errors'
import type { MachineSettings } from '../../../../../shared/model'
import type { StartOptions } from '../machine-deps'
import type { GuestConsole } from '../guest/guest-console'
import type { MachineLog } from '../kept/machine-log'
import type { MachineLife } from '../run/machine-life'
import { adopt } from './adopt'
import { boot } from './boot'
import type { BootDeps, Booted } from './boot-request'
import type { BootHistory } from './boot-history'
import { linesOf, type BootTimeline } from './boot-timeline'

/** What a machine on its way up moves: its state, its history, its log. */
export interface ComingUp {
  /** Throws where its hypervisor is not on this system. */
  readonly deps: () => BootDeps
  readonly settings: MachineSettings
  readonly life: MachineLife
  readonly history: BootHistory
  readonly log: MachineLog
  readonly onConsole: (console: GuestConsole) => void
  /** It is up: from here on it is a run. */
  readonly begin: (booted: Booted, timeline: BootTimeline) => Promise<void>
  /** A start was given up, and nothing of it is left. */
  readonly down: () => Promise<void>
}

/** Throws why it is not up, with the state `failed`; with the state before the start when that was given up. */
export async function comeUp(
  up: ComingUp,
  { isCold = false, progress = () => undefined }: StartOptions,
  signal: AbortSignal,
): Promise<void> {
  const { settings, history, log, onConsole } = up
  log.step('start')
  const timeline = history.begin('cold')
  try {
    const deps = up.deps()
    const saved = await deps.files.saved()
    if (saved && !isCold) timeline.resumes()
    const booted = await boot(deps, { settings, isCold, timeline, signal, progress, onConsole })
    await up.begin(booted, timeline)
  } catch (error) {
    await failed(up, error, { timeline, signal })
    throw error
  }
}

/**
 * Takes a VM that an earlier core left running; `false` when there is none, or none that can be gone on with. It is
 * looked for also where nothing says that it was started: a core may have ended in the middle of a start.
 */
export async function takeUp(up: ComingUp, signal: AbortSignal): Promise<boolean> {
  const { settings, life, history, log, onConsole } = up
  const timeline = history.begin('adopt')
  let isFound = false
  const onFound = (): void => {
    isFound = true
    life.starting('process')
  }
  try {
    const deps = up.deps()
    const started = (await deps.files.started()) ?? { settings, imageId: '' }
    const booted = await adopt(deps, { started, timeline, signal, onFound, onConsole })
    if (!booted) return false
    await up.begin(booted, timeline)
    return true
  } catch (error) {
    if (isFound) await failed(up, error, { timeline, signal })
    else log.step('it was not found out whether it runs', { error: String(error) })
    return false
  }
}

async function failed(
  { life, history, log, down }: ComingUp,
  error: unknown,
  { timeline, signal }: { timeline: BootTimeline; signal: AbortSignal },
): Promise<void> {
  timeline.fail(error, signal)
  const { stage } = timeline
  log.step('the start failed', { stage, error: String(error) })
  const cause = toWire(error, signal)
  if (cause.code === 'cancelled') {
    life.stopping('kill')
    await down()
  } else life.failed({ stage, cause, lines: linesOf(error) })
  await history.save()
}
