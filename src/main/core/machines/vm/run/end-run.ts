import type { BootDeps } from '../boot/boot-request'
import { toWire } from '../../../../../shared/errors'
import type { Guest } from '../guest'
import { crashed } from '../guest/guest-console'
import type { Failure, MachineLife } from './machine-life'
import type { MachineRun } from './machine-run'
import { ended } from '../boot/rise'
import { saveMachine } from '../boot/saved-state'
import { stopLadder } from './stop-ladder'

export type StopWay = 'suspend' | 'shutdown' | 'kill'

export interface Ending {
  readonly run: MachineRun
  readonly life: MachineLife
  readonly deps: BootDeps
}

/** An emulated guest takes its time. */
const emulatedFactor = 3

/** Ends a running machine in one of three ways. A suspend that throws has left it running. */
export async function endRun(ending: Ending, how: StopWay, signal: AbortSignal): Promise<void> {
  const { run } = ending
  if (how === 'kill') return run.booted.vm.kill()
  if (how === 'suspend') return suspend(ending, signal)
  return shutdown(ending)
}

async function suspend({ run, deps }: Ending, signal: AbortSignal): Promise<void> {
  const facts = await deps.backend.probe(signal)
  const { vm, started, guest } = run
  await run.endCompanions()
  try {
    await saveMachine(deps, { vm, guest, started }, { facts, signal })
  } catch (error) {
    deps.log.step('not suspended: it goes on', { error: String(error) })
    await run.goOn()
    throw error
  }
}

async function shutdown({ run, life, deps }: Ending): Promise<void> {
  const { vm } = run
  await run.endCompanions()
  let isGone = false
  vm.onExit(() => (isGone = true))
  const end = await stopLadder({
    ...{ vm, guest: guestOf(run), log: deps.log },
    hasEnded: () => isGone,
    onStage: (stage) => life.stopping(stage),
    factor: vm.accelerator.isEmulated ? emulatedFactor : 1,
  })
  deps.log.step('stopped', { end })
}

/** What an end that nobody asked for means: a guest that went down in order says so on its console. */
export function endOf({ booted }: MachineRun, reason: string | undefined): Failure | 'orderly' {
  const { console } = booted
  if (console.has('down') && !console.panic) return 'orderly'
  const cause = console.panic ? crashed(console.panic) : ended(reason ?? 'no reason was given')
  return { stage: 'running', cause: toWire(cause), lines: console.lines() }
}

function guestOf(run: MachineRun): Guest | undefined {
  try {
    return run.guest
  } catch {
    return undefined
  }
}
