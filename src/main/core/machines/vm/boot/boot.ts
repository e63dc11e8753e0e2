import { AppError, isCode } from '../../../../../shared/errors'
import type { ColdReason, MachineSettings } from '../../../../../shared/model'
import type { Backend, BackendFacts, VmSpec } from '../backend'
import type { BootDeps, Booted, BootRequest } from './boot-request'
import { within } from './boot-stage'
import { bootCold, keysOf } from './cold-boot'
import type { Started } from '../kept/machine-files'
import { reach } from './reach'
import { fall, rise } from './rise'
import { specFor } from '../vm-spec'

/** Resumes the saved state when there is one that fits, else boots. What fails leaves no process behind. */
export async function boot(deps: BootDeps, request: BootRequest): Promise<Booted> {
  const facts = await deps.backend.probe(request.signal)
  request.signal.throwIfAborted()
  if (!facts.isAvailable) throw unavailable(deps.backend, facts)
  await deps.files.checkDisk(request.settings)
  request.timeline.startedBy(deps.backend.kind)
  request.timeline.emulated(facts.accelerator?.isEmulated ?? false)
  const saved = await usableState(deps, request, facts)
  if (saved !== undefined && typeof saved === 'object') {
    const booted = await resume(deps, request, saved)
    if (booted) return booted
    request.timeline.goCold('load-failed')
  } else if (saved) request.timeline.goCold(saved)
  await deps.files.dropSaved()
  return bootCold(deps, request)
}

interface Resumable {
  readonly started: Started
  readonly spec: VmSpec
}

/** The state to go on with, or why there is none to be used; `undefined` where nothing was saved or lost. */
async function usableState(
  { files, images, backend, id }: BootDeps,
  request: BootRequest,
  facts: BackendFacts,
): Promise<Resumable | ColdReason | undefined> {
  const saved = await files.saved()
  if (!saved) return (await files.started()) ? 'crashed' : undefined
  if (request.isCold) return 'asked'
  const image = await images.find(saved.started.imageId)
  if (!image) return 'image-gone'
  const { sizeBytes, crc32 } = saved
  const started = { ...saved.started, settings: inPlace(saved.started.settings, request.settings) }
  const spec: VmSpec = {
    ...specFor({ id, files, settings: started.settings, image }),
    resumeFrom: { path: files.paths.state, sizeBytes, ...(crc32 !== undefined && { crc32 }) },
  }
  return backend.stateKey(spec, facts) === saved.key ? { started, spec } : 'differs'
}

/** The disk may have been moved since: it is where the settings of now say. */
function inPlace(started: MachineSettings, { diskDir }: MachineSettings): MachineSettings {
  const settings = { ...started }
  delete settings.diskDir
  return diskDir === undefined ? settings : { ...settings, diskDir }
}

/** `undefined` when the state could not be loaded: it is spent then, and the machine can still boot. */
async function resume(
  deps: BootDeps,
  request: BootRequest,
  { started, spec }: Resumable,
): Promise<Booted | undefined> {
  const { timeline, signal } = request
  timeline.begin('process')
  const keys = await keysOf(deps, started.settings)
  const rising = await rise(deps, { spec, request }).catch((error: unknown) => {
    if (isCode(error, 'machine.start-failed') && error.facts['stage'] === 'load') return undefined
    throw error
  })
  if (!rising) return undefined
  try {
    try {
      timeline.begin('load')
      await within({ timeline, signal: rising.signal }, 'load', (limit) => rising.vm.load(limit))
    } catch (error) {
      if (signal.aborted) throw error
      deps.log.step('the saved state could not be loaded: a cold boot follows', { error: String(error) })
      await fall(rising, error)
      return undefined
    }
    // Disk and state are never used twice: from here on no crash can bring the state back.
    await deps.files.saveStarted(started)
    await deps.files.dropSaved()
    await rising.vm.resumed(rising.signal)
    deps.log.step('resumed')
    return await reach(deps, request, { rising, keys, started })
  } catch (error) {
    throw await fall(rising, error)
  }
}

function unavailable({ kind }: Backend, { reason = '', mend = '' }: BackendFacts): AppError {
  const facts = { backend: kind, reason, ...(mend && { mend }) }
  return new AppError('machine.unavailable', `${kind} is not available: ${reason}`, { facts })
}
