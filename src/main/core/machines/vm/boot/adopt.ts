import { timeLimit } from '../../../platform/time-limit'
import { pause } from '../../../platform/wait-for'
import type { VmSpec } from '../backend'
import type { BootDeps, Booted, BootRequest } from './boot-request'
import { withLines } from './boot-timeline'
import { keysOf } from './cold-boot'
import type { Started } from '../kept/machine-files'
import { reach } from './reach'
import { watchRise } from './rise'
import { noImage, specFor } from '../vm-spec'

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
  const vm = await deps.backend.adopt(await lookedFor(deps, started), signal)
  if (!vm) return undefined
  request.onFound()
  // It goes on: a state of it that may still be there is of the past.
  await deps.files.dropSaved()
  timeline.begin('process')
  deps.log.step('was running already: adopted', { pid: vm.pid ?? 0 })
  timeline.emulated(vm.accelerator.isEmulated)
  const rising = watchRise(vm, signal)
  request.onConsole(rising.console)
  try {
    const keys = await keysOf(deps, started.settings)
    if (vm.isStanding) return { vm, console: rising.console, keys, started }
    return await reach(deps, request, { rising, keys, started })
  } catch (error) {
    withLines(error, rising.console.lines())
    deps.log.step('cannot be reached: ended', { error: String(error) })
    if (!signal.aborted) await vm.pressPowerButton(timeLimit(signal, buttonMs)).catch(() => undefined)
    await pause(buttonMs, rising.signal).catch(() => undefined)
    rising.console.close()
    await vm.kill().catch(() => undefined)
    throw error
  }
}

async function lookedFor({ id, files, images }: BootDeps, { settings, imageId }: Started): Promise<VmSpec> {
  const image = (await images.find(imageId)) ?? { ...noImage, id: imageId }
  const spec = specFor({ id, files, settings, image })
  const saved = await files.saved()
  return saved ? { ...spec, resumeFrom: { path: files.paths.state, sizeBytes: saved.sizeBytes } } : spec
}
