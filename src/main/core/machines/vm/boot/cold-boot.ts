import { AppError, isCode } from '../../../../../shared/errors'
import type { MachineSettings } from '../../../../../shared/model'
import type { VmSpec } from '../backend'
import type { BootDeps, Booted, BootRequest } from './boot-request'
import { mark, within } from './boot-stage'
import { machineKeys, writeGuestConfig, type MachineKeys } from '../guest/guest-config'
import { prepareDisk } from '../kept/data-disk'
import { reach } from './reach'
import { fall, rise } from './rise'
import { specFor } from '../vm-spec'

/** Boots from the image. What fails leaves no process behind. */
export async function bootCold(deps: BootDeps, request: BootRequest): Promise<Booted> {
  const { timeline, settings, progress } = request
  timeline.begin('image')
  const image = await within(request, 'image', (limit) => deps.images.ensure({ signal: limit, progress }))
  timeline.begin('disk')
  const keys = await keysOf(deps, settings)
  await writeGuestConfig(deps.files.paths, settings, keys)
  const spec = specFor({ id: deps.id, files: deps.files, settings, image })
  const made = await within(request, 'disk', (limit) => prepared(deps, spec, limit))
  if (made !== 'there')
    deps.log.step(`data disk ${made}`, { path: spec.dataDisk.path, GiB: settings.diskGiB })
  await deps.files.saveDiskMade(true)
  await deps.files.saveStarted({ settings, imageId: image.id })
  const booted = await comeUp(deps, request, { spec, keys }).catch((error: unknown) => {
    if (!deservesSecondTry(error, request)) throw error
    const { stage } = timeline
    deps.log.step('it fell over on its way up: started once more', { stage, error: String(error) })
    timeline.tryAgain(error)
    return comeUp(deps, request, { spec, keys })
  })
  return { ...booted, hasGrown: made === 'grown' }
}

export const keysOf = (
  { files, newKeyPair }: Pick<BootDeps, 'files' | 'newKeyPair'>,
  { name }: MachineSettings,
): Promise<MachineKeys> => machineKeys(files.paths, { name, newKeyPair })

function prepared(
  { backend }: BootDeps,
  { dataDisk: { path, sizeBytes } }: VmSpec,
  signal: AbortSignal,
): ReturnType<typeof prepareDisk> {
  return backend.disk ? backend.disk.prepare(path, sizeBytes, signal) : prepareDisk(path, sizeBytes)
}

/** From the process to the engine. */
async function comeUp(
  deps: BootDeps,
  request: BootRequest,
  { spec, keys }: { spec: VmSpec; keys: MachineKeys },
): Promise<Booted> {
  const { timeline, settings } = request
  timeline.begin('process')
  const rising = await rise(deps, { spec, request })
  try {
    timeline.begin('kernel')
    await mark({ timeline, ...rising }, { stage: 'kernel', mark: 'init' })
    timeline.begin('init')
    await mark({ timeline, ...rising }, { stage: 'init', mark: 'pid1' })
    timeline.begin('sshd')
    await mark({ timeline, ...rising }, { stage: 'sshd', mark: 'sshd' })
    return await reach(deps, request, { rising, keys, started: { settings, imageId: spec.image.id } })
  } catch (error) {
    throw await fall(rising, error)
  }
}

/**
 * A kernel that says nothing hangs, rarely and for no reason of ours. And an emulated processor is not quite a
 * processor: with QEMU 7.2 one boot of some dozens resets or panics half-way, and the next one does not. Where
 * the processor is real, a boot that dies has a cause that a second one would hide.
 */
function deservesSecondTry(error: unknown, { timeline, signal }: BootRequest): boolean {
  if (signal.aborted || !(error instanceof AppError)) return false
  if (isCode(error, 'machine.boot-timeout')) return error.facts['stage'] === 'kernel'
  const hasDied = isCode(error, 'machine.ended') || isCode(error, 'machine.crashed')
  return hasDied && timeline.isEmulated
}
