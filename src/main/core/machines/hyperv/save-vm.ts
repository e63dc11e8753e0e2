import { AppError } from '../../../../shared/errors'
import { waitFor } from '../../platform/wait-for'
import { savingMs } from './end-vm'
import type { HyperV } from './hyperv'

/** Until then a VM that runs may just not have begun to be saved. */
const beginMs = 15_000

/**
 * Saves a VM. Windows goes on with that whatever becomes of who asked for it, so what counts is what became of the
 * VM: once asked for, the signal no longer ends the wait. Throws why it was not saved.
 */
export async function saveVm(hyperV: HyperV, id: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const refusal = await hyperV.save(id, signal).then(
    () => undefined,
    (error: Error) => error,
  )
  const isRefused = refusal instanceof AppError
  const beginBy = performance.now() + (isRefused ? 0 : beginMs)
  let hasBegun = false
  const settled = async (): Promise<string | undefined> => {
    const { state } = await hyperV.factsOf(id)
    hasBegun ||= state === 'Saving'
    const mayBegin = state === 'Running' && !hasBegun && performance.now() < beginBy
    return state === 'Saving' || mayBegin ? undefined : state
  }
  const state = await waitFor(settled, { timeoutMs: savingMs, what: 'the saving of the VM', everyMs: 500 })
  if (state !== 'Saved') throw refusal ?? new Error(`it is ${state}`)
}
