import { timeLimit } from '../../platform/time-limit'
import { waitFor } from '../../platform/wait-for'
import type { VmSpec } from '../vm/backend'
import type { Qmp } from './qmp'

const goOnMs = 10_000
const contMs = 5_000
const unborn = ['inmigrate', 'prelaunch']
/** A suspend stops the guest before it sends its state; a state that was loaded stands until it is let go. */
const halted = ['paused', 'finish-migrate', 'postmigrate', 'save-vm']
/** Where there is a whole state: it was just loaded, or just saved. */
const atState = ['paused', 'postmigrate']

/**
 * Takes a QEMU out of what a core that ended had begun with it. `never-ran`: its guest has not begun, or stands where
 * its saved state begins: that one counts. `stands`: the host's disk refused a write.
 */
export async function takeOver(
  qmp: Qmp,
  { resumeFrom }: Pick<VmSpec, 'resumeFrom'>,
  signal: AbortSignal,
): Promise<'runs' | 'stands' | 'never-ran'> {
  const { status } = await qmp.execute<{ status: string }>('query-status', {}, { signal })
  if (unborn.includes(status) || (resumeFrom && atState.includes(status))) return 'never-ran'
  if (status === 'io-error') return 'stands'
  if (halted.includes(status)) await goOn(qmp)
  return 'runs'
}

/** Whatever was begun is given up; a guest that stands goes on. */
export async function goOn(qmp: Qmp): Promise<void> {
  const limits = { signal: timeLimit(undefined, goOnMs) }
  await qmp.execute('migrate_cancel', {}, limits).catch(() => undefined)
  // QEMU needs a moment to leave a migration; `cont` is refused until then.
  const goesOn = (): Promise<boolean> =>
    qmp.execute('cont', {}, limits).then(
      () => true,
      () => !qmp.isOpen,
    )
  await waitFor(goesOn, { timeoutMs: contMs, what: 'the guest to go on' }).catch(() => undefined)
}
