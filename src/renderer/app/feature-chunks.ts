import { loadAgain } from '../load-again'

/** Each feature is a chunk of its own, so that the first page need not wait for all of them. */
export const features = {
  containers: () => import('../features/containers'),
  logs: () => import('../features/logs'),
  terminal: () => import('../features/terminal'),
  files: () => import('../features/files'),
  images: () => import('../features/images'),
  layers: () => import('../features/layers'),
  volumes: () => import('../features/volumes'),
  networks: () => import('../features/networks'),
  run: () => import('../features/run'),
  activity: () => import('../features/activity'),
  settings: () => import('../features/settings'),
  engine: () => import('../features/engine'),
  diagnostics: () => import('../features/diagnostics'),
  disk: () => import('../features/disk'),
  machines: () => import('../features/machines'),
  onboarding: () => import('../features/machines/create'),
}

/** One that cannot be had now is asked for again when somebody goes there. */
const forget = (): undefined => undefined

/**
 * Fetches what nobody has asked for yet, a chunk in each idle moment: a page then opens at once, and
 * also while the host's network or core itself is away.
 */
export async function loadAhead(): Promise<void> {
  for (const load of Object.values(features)) {
    await new Promise((resolve) => requestIdleCallback(resolve))
    await loadAgain<unknown>(load).catch(forget)
  }
}
