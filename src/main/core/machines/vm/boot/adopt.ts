import { timeLimit } from '../../../platform/time-limit'
import { pause } from '../../../platform/wait-for'
import type { BootDeps, Booted, BootRequest } from './boot-request'
import { withLines } from './boot-timeline'
import { keysOf } from './cold-boot'
import type { Started } from '../kept/machine-files'
import { reach } from './reach'
import { watchRise } from './rise'
import { specFor } from '../vm-spec'

const buttonMs = 20_000

export interface AdoptRequest extends Omit<BootRequest, 'settings' | 'isCold' | 'progress'> {
  readonly started: Started
  /** A VM is there. */
  readonly onFound: () => void
}

/**
 * Takes the VM that an earlier core left running; `undefined` when there is none. One that is there and cannot be
 * reached is ended: a disk must not stay in the hands of a process that nobody watches.
 */
export async function adopt(deps: BootDeps, request: AdoptRequest): Promise<Booted | undefined> {
  const { started, timeline, signal } = request
  const image = await deps.images.find(started.imageId)
  const nowhere = { id: started.imageId, kernel: '', initrd: '', root: '' }
  const spec = specFor({
    id: deps.id,
    files: deps.files,
    settings: started.settings,
    image: image ?? nowhere,
  })
  const vm = await deps.backend.adopt(spec, signal)
  if (!vm) return undefined
  request.onFound()
  timeline.begin('process')
  deps.log.step('was running already: adopted', { pid: vm.pid ?? 0 })
  timeline.emulated(vm.accelerator.isEmulated)
  const rising = watchRise(vm, signal)
  request.onConsole(rising.console)
  try {
    const keys = await keysOf(deps, started.settings)
    return await reach(deps, request, { rising, keys, started })
  } catch (error) {
    withLines(error, rising.console.lines())
    deps.log.step('cannot be reached: ended', { error: String(error) })
    await vm.pressPowerButton(timeLimit(undefined, buttonMs)).catch(() => undefined)
    await pause(buttonMs, rising.signal).catch(() => undefined)
    rising.console.close()
    await vm.kill().catch(() => undefined)
    throw error
  }
}
