import { toWire } from '../../../../../shared/errors'
import type { MachineSettings } from '../../../../../shared/model'
import type { BootDeps } from '../boot/boot-request'
import type { Guest } from '../guest'
import { crashed } from '../guest/guest-console'
import type { Failure, MachineLife } from './machine-life'
import type { MachineRun } from './machine-run'
import { ended } from '../boot/rise'
import { saveMachine } from '../boot/saved-state'
import { noImage, specFor } from '../vm-spec'
import { stopLadder } from './stop-ladder'

export type StopWay = 'suspend' | 'shutdown' | 'kill'

export interface Ending {
  readonly run: MachineRun
  readonly life: MachineLife
  readonly deps: BootDeps
}

/** An emulated guest takes its time. */
const emulatedFactor = 3

/** Ends a running machine in one of three ways. A suspend that throws has left it running, or it ended by itself. */
export async function endRun(ending: Ending, how: StopWay, signal: AbortSignal): Promise<void> {
  const { run } = ending
  if (how === 'kill') return run.booted.vm.kill()
  if (how === 'suspend') return suspend(ending, signal)
  return shutdown(ending, signal)
}

/** Ends a VM of this machine that nobody holds; one that another core holds is that one's. */
export async function endStray(
  { id, files, backend, log }: BootDeps,
  settings: MachineSettings,
  signal: AbortSignal,
): Promise<void> {
  const spec = specFor({ id, files, settings, image: noImage })
  if (await backend.endStray?.(spec, signal)) log.step('a VM that nobody held was ended')
}

async function suspend({ run, deps }: Ending, signal: AbortSignal): Promise<void> {
  const facts = await deps.backend.probe(signal)
  const { vm, started, guest } = run
  await run.endCompanions()
  try {
    await saveMachine(deps, { vm, guest, started }, { facts, signal })
  } catch (error) {
    deps.log.step('not suspended: it goes on', { error: String(error) })
    if (!run.exit && !signal.aborted) await run.goOn()
    throw error
  }
  // Its key is written: whatever ends this core now, the state counts.
  if (!run.exit) await vm.kill()
}

async function shutdown({ run, life, deps }: Ending, signal: AbortSignal): Promise<void> {
  const { vm } = run
  await run.endCompanions()
  const end = await stopLadder({
    ...{ vm, guest: guestOf(run), log: deps.log },
    hasEnded: () => run.exit !== undefined,
    onStage: (stage) => life.stopping(stage),
    signal,
    factor: vm.accelerator.isEmulated ? emulatedFactor : 1,
  })
  deps.log.step('stopped', { end })
}

/** What an end that nobody asked for means: a guest that went down in order says so on its console. */
export function endOf({ booted, exit }: MachineRun): Failure | 'orderly' {
  const { console } = booted
  if (console.has('down') && !console.panic) return 'orderly'
  const cause = console.panic ? crashed(console.panic) : ended(exit?.reason ?? 'no reason was given')
  return { stage: 'running', cause: toWire(cause), lines: console.lines() }
}

function guestOf(run: MachineRun): Guest | undefined {
  try {
    return run.guest
  } catch {
    return undefined
  }
}
