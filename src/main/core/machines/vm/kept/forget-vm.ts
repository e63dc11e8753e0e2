import { isCode } from '../../../../../shared/errors'
import { timeLimit } from '../../../platform/time-limit'
import { noImage, specFor } from '../vm-spec'
import type { VmMachine } from '../vm-machine'

const forgetMs = 60_000

/**
 * Takes away what the hypervisor itself keeps of a machine at rest, before its disk goes or becomes another. One that
 * cannot be asked keeps nobody from deleting: a later cold boot forgets by itself before it starts. Throws
 * `machine.disk-in-use` for a VM that runs.
 */
export async function forgetVm(machine: VmMachine): Promise<void> {
  const { id, files, settings, log } = machine
  try {
    const spec = specFor({ id, files, settings, image: noImage })
    await machine.backend.forget?.(spec, timeLimit(undefined, forgetMs))
  } catch (error) {
    if (isCode(error, 'machine.disk-in-use')) throw error
    log.step('the hypervisor was not asked to forget it', { error: String(error) })
  }
}
