import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '../../../../../shared/errors'
import { timeLimit } from '../../../platform/time-limit'
import { waitFor } from '../../../platform/wait-for'
import type { BackendFacts, RunningVm } from '../backend'
import type { BootDeps } from './boot-request'
import { freeBytes } from '../kept/data-disk'
import type { Guest } from '../guest'
import type { Saved, Started } from '../kept/machine-files'
import { specFor } from '../vm-spec'

/** A guest that has just dropped its caches saves far less than its memory; this is what may be in the way. */
const spareBytes = 256 * 1024 * 1024
const askGuestMs = 60_000
/** A disk that was full for a moment has room again: others write to it too. */
const keyMs = 5_000

export interface Saveable {
  readonly vm: RunningVm
  readonly guest: Guest
  readonly started: Started
}

/**
 * Saves a running machine: the guest gets ready, its whole state goes to a file, and the key that it fits to is
 * written last, while the VM still stands: a state without its key is lost with it. Throws `machine.suspend-failed`; the guest goes on then as if nothing had been.
 */
export async function saveMachine(
  deps: BootDeps,
  { vm, guest, started }: Saveable,
  { facts, signal }: { facts: BackendFacts; signal: AbortSignal },
): Promise<void> {
  const { files, backend, log } = deps
  const image = await deps.images.find(started.imageId)
  if (!image) throw suspendFailed('its image is gone')
  if (!facts.canSuspend) throw suspendFailed(`${backend.kind} cannot save a machine here`)
  const key = backend.stateKey(specFor({ id: deps.id, files, settings: started.settings, image }), facts)
  await files.dropSaved()
  const ready = timeLimit(signal, askGuestMs)
  try {
    await guest.run('before-suspend', [], { signal: ready, timeoutMs: askGuestMs })
    await checkRoom(dirname(files.paths.state), vm, signal)
    const { sizeBytes, crc32 } = await vm.suspend(files.paths.state, signal)
    await writeKey(deps, { key, sizeBytes, started, ...(crc32 !== undefined && { crc32 }) })
    log.step('suspended', { bytes: sizeBytes })
  } catch (error) {
    await rm(files.paths.state, { force: true }).catch(() => undefined)
    throw error instanceof AppError ? error : suspendFailed(String(error), error)
  }
}

/** Without its key the whole state of a machine that is gone would be lost: this core keeps it, and tries again. */
async function writeKey({ files, log }: BootDeps, saved: Saved): Promise<void> {
  let refusal: unknown
  const write = (): Promise<boolean> =>
    files.saveSaved(saved).then(
      () => true,
      (error: unknown) => {
        refusal = error
        return false
      },
    )
  await waitFor(write, { timeoutMs: keyMs, what: 'the key of the state', everyMs: 250 }).catch(() =>
    log.step('the key of the state is not written yet', { error: String(refusal) }),
  )
}

/** A disk that fills while the state is written would stop the guest and everything else beside it. */
async function checkRoom(folder: string, vm: RunningVm, signal: AbortSignal): Promise<void> {
  const { memoryBytes } = await vm.usage(signal)
  const free = await freeBytes(folder)
  if (free < memoryBytes + spareBytes) throw suspendFailed(`${folder} has too little room for the state`)
}

export const suspendFailed = (detail: string, cause?: unknown): AppError =>
  new AppError('machine.suspend-failed', 'The machine could not be suspended', {
    facts: { detail: detail.slice(0, 500) },
    cause,
  })
