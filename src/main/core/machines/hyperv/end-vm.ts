import { waitFor } from '../../platform/wait-for'
import type { HyperV } from './hyperv'

/** Windows saves as long as the memory is big and the drive is slow; nothing ends that. */
export const savingMs = 600_000

export const isOver = (state: string): boolean =>
  ['Off', 'OffCritical', 'Saved', 'SavedCritical', 'Gone'].includes(state)

/**
 * Turns a VM off. Hyper-V refuses it while it starts or saves the VM: it is asked until it takes it, or until the VM
 * has come to its end that way. Answers the state that it ended in.
 */
export function endVm(hyperV: HyperV, id: string, signal?: AbortSignal): Promise<string> {
  const ended = async (): Promise<string | undefined> => {
    const { state } = await hyperV.factsOf(id, signal)
    if (isOver(state)) return state
    const refusal = await hyperV.turnOff(id, signal).then(
      () => undefined,
      (error: Error) => error,
    )
    const after = await hyperV.factsOf(id, signal)
    if (isOver(after.state)) return after.state
    if (refusal && isSettled(state) && isSettled(after.state)) throw refusal
    return undefined
  }
  return waitFor(ended, {
    ...{ timeoutMs: savingMs, what: 'the end of the VM', everyMs: 500 },
    ...(signal && { signal }),
  })
}

const isSettled = (state: string): boolean =>
  ['Running', 'RunningCritical', 'Paused', 'PausedCritical'].includes(state)
