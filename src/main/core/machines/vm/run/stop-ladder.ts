import type { StopStageName } from '../../../../../shared/model'
import { timeLimit } from '../../../platform/time-limit'
import { waitFor } from '../../../platform/wait-for'
import type { RunningVm } from '../backend'
import type { Guest } from '../guest'
import type { MachineLog } from '../kept/machine-log'

export interface LadderDeps {
  readonly vm: RunningVm
  /** Absent when the guest is not reached: the first rung is left out. */
  readonly guest: Guest | undefined
  /** True once the hypervisor's process is gone. */
  readonly hasEnded: () => boolean
  readonly onStage: (stage: StopStageName) => void
  readonly log: MachineLog
  /** Ends the patience: the last rung is taken at once. */
  readonly signal?: AbortSignal
  /** Of an emulated machine everything takes longer. */
  readonly factor?: number
}

/** Containers get 10 s from the engine, the engine 20 s from the guest's first process. */
const askedMs = 40_000
const buttonMs = 20_000
const commandMs = 10_000

/** Ends a guest: asks it, presses its power button, pulls the plug. Each rung has its time and its line. */
export async function stopLadder(deps: LadderDeps): Promise<'asked' | 'power-button' | 'killed'> {
  if (deps.guest && (await rung(deps, { stage: 'ask', waitMs: askedMs, act: ask(deps.guest) })))
    return 'asked'
  const press = (signal: AbortSignal): Promise<void> => deps.vm.pressPowerButton(signal)
  if (await rung(deps, { stage: 'power-button', waitMs: buttonMs, act: press })) return 'power-button'
  deps.onStage('kill')
  deps.log.step('stop: killed')
  await deps.vm.kill()
  return 'killed'
}

interface Rung {
  readonly stage: StopStageName
  readonly waitMs: number
  readonly act: (signal: AbortSignal) => Promise<unknown>
}

async function rung(
  { hasEnded, onStage, log, signal, factor = 1 }: LadderDeps,
  { stage, waitMs, act }: Rung,
): Promise<boolean> {
  if (signal?.aborted) return false
  onStage(stage)
  log.step(`stop: ${stage}`)
  try {
    await act(timeLimit(signal, commandMs * factor))
  } catch (error) {
    // The link breaks under a guest that goes: whether it went is asked of the process, not of the answer.
    log.step(`stop: ${stage} was not answered`, { error: String(error) })
    if (!hasEnded() && stage !== 'ask') return false
  }
  const what = 'the end of the machine'
  return waitFor(hasEnded, { timeoutMs: waitMs * factor, what, ...(signal && { signal }) }).then(
    () => true,
    () => false,
  )
}

const ask =
  (guest: Guest) =>
  (signal: AbortSignal): Promise<unknown> =>
    guest.run('shutdown', [], { signal })
