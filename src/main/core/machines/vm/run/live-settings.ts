import { timeLimit } from '../../../platform/time-limit'
import { AppError, isCode } from '../../../../../shared/errors'
import type { MachineSettings } from '../../../../../shared/model'
import { diskBytes } from '../kept/data-disk'
import type { Guest, GuestVerb } from '../guest'
import { caFiles } from '../guest/guest-config'
import type { MachineFiles } from '../kept/machine-files'
import type { MachineLog } from '../kept/machine-log'
import type { MachineRun } from './machine-run'
import { differing, restartKeys } from '../kept/machine-settings-check'

export interface LiveChange {
  readonly from: MachineSettings
  readonly to: MachineSettings
  readonly run: MachineRun
  readonly log: MachineLog
  readonly files: MachineFiles
}

/** The engine is checked, restarted, and put back when it does not come up. */
const engineMs = 180_000
const guestMs = 60_000

/**
 * Makes what differs count in a running machine, all but what needs a restart. Throws `machine.daemon-json` or
 * `machine.guest-failed`; what came before the failure counts.
 */
export async function applyLive({ from, to, run, log, files }: LiveChange): Promise<void> {
  const keys = differing(from, to)
  if (run.booted.hasGrown) await runGuest(run.guest, 'grow-disk')
  if (keys.includes('diskGiB')) await growDisk(run, to)
  if (keys.includes('swapMiB')) await runGuest(run.guest, 'apply-swap', { args: [String(to.swapMiB)] })
  if (keys.includes('dns') || keys.includes('proxy'))
    await runGuest(run.guest, 'apply-network', { input: networkLines(to), timeoutMs: engineMs })
  if (keys.includes('caFiles')) {
    const files = await caFiles(to.caFiles)
    // The engine is restarted with them.
    const input = files.map(({ content }) => String(content)).join('\n')
    await runGuest(run.guest, 'apply-ca', { input, timeoutMs: engineMs })
  }
  if (keys.includes('daemonJson')) await applyDaemonJson(run.guest, to.daemonJson)
  if (keys.length === 0) return
  log.step('settings count now', { keys: keys.join(' ') })
  const kept = Object.fromEntries(restartKeys.map((key) => [key, run.started.settings[key]]))
  run.started = { ...run.started, settings: { ...to, ...kept } }
  await files.saveStarted(run.started)
}

async function growDisk(run: MachineRun, { diskGiB }: MachineSettings): Promise<void> {
  const when = await run.vm.growDisk(diskBytes(diskGiB), timeLimit(undefined, guestMs))
  if (when === 'now') await runGuest(run.guest, 'grow-disk')
}

async function applyDaemonJson(guest: Guest, daemonJson: string): Promise<void> {
  try {
    await runGuest(guest, 'apply-daemon-json', { input: daemonJson, timeoutMs: engineMs })
  } catch (error) {
    if (!isCode(error, 'machine.guest-failed')) throw error
    const detail = String(error.facts['detail'] ?? error.message)
    throw new AppError('machine.daemon-json', 'The engine would not start with it', {
      facts: { detail },
      cause: error,
    })
  }
}

/** Lines of the verb `apply-network`: see `guest.ts`. */
export function networkLines({ dns, proxy }: Pick<MachineSettings, 'dns' | 'proxy'>): string {
  const lines = dns.map((ip) => `dns ${ip}`)
  for (const key of ['http', 'https', 'none'] as const) {
    const value = proxy?.[key]?.replace(/[\r\n]+/g, ' ').trim()
    if (value) lines.push(`${key} ${value}`)
  }
  return lines.map((line) => `${line}\n`).join('')
}

async function runGuest(
  guest: Guest,
  verb: GuestVerb,
  { args = [], input, timeoutMs = guestMs }: { args?: string[]; input?: string; timeoutMs?: number } = {},
): Promise<string> {
  const signal = timeLimit(undefined, timeoutMs)
  return guest.run(verb, args, { signal, timeoutMs, ...(input !== undefined && { input }) })
}
