import { isAbsolute } from 'node:path'
import { AppError } from '../../../../../shared/errors'
import type { MachineSettings } from '../../../../../shared/model'

/** What a person changes; a key that is not named stays. */
export type SettingsChange = { readonly [K in keyof MachineSettings]?: MachineSettings[K] | undefined }

/** These are the processor's and the memory's: a running machine has what it was started with. */
export const restartKeys = ['cpus', 'memoryMiB'] as const satisfies readonly (keyof MachineSettings)[]

/** The settings with the change in them. Throws `machine.disk-shrink` or `input.invalid`. */
export function changed(settings: MachineSettings, change: SettingsChange): MachineSettings {
  const named = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
  const next = { ...settings, ...(named as Partial<MachineSettings>) }
  // An empty folder is no folder: the machine's own.
  if (next.diskDir === '') delete next.diskDir
  if (next.diskGiB < settings.diskGiB)
    throw new AppError('machine.disk-shrink', 'A disk can grow, never shrink', {
      facts: { fromGiB: settings.diskGiB, toGiB: next.diskGiB },
    })
  checkSettings(next)
  return next
}

/** What the schema cannot see. */
export function checkSettings(settings: MachineSettings, platform = process.platform): void {
  // There the control pipe of QEMU serves one client ever: who comes after it could only pull the plug.
  if (settings.onQuit === 'keep' && settings.backend === 'qemu' && platform === 'win32')
    throw invalid('onQuit', 'QEMU on Windows cannot be taken up again: choose suspend or shutdown')
  for (const { path } of settings.shares) checkPath(path, 'shares')
  for (const path of settings.caFiles) checkPath(path, 'caFiles')
  if (settings.diskDir !== undefined) checkPath(settings.diskDir, 'diskDir')
  if (!isJsonObject(settings.daemonJson)) throw invalid('daemonJson', 'not a JSON object')
}

/** Whether a machine that was started with `started` must be started again for all of `settings` to count. */
export const needsRestart = (settings: MachineSettings, started: MachineSettings): boolean =>
  restartKeys.some((key) => settings[key] !== started[key])

/** The names of the keys whose values differ. */
export function differing(a: MachineSettings, b: MachineSettings): (keyof MachineSettings)[] {
  const keys = Object.keys({ ...a, ...b }) as (keyof MachineSettings)[]
  return keys.filter((key) => JSON.stringify(a[key]) !== JSON.stringify(b[key]))
}

function checkPath(path: string, field: string): void {
  if (!isAbsolute(path)) throw invalid(field, 'not an absolute path')
  if (/[\u0000-\u001f\u007f]/.test(path)) throw invalid(field, 'control characters')
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

const invalid = (path: string, problem: string): AppError =>
  new AppError('input.invalid', `${path}: ${problem}`, { facts: { path, problem } })
