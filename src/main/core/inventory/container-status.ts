import type { ContainerState, Health } from '../../../shared/model'

export interface StatusFacts {
  readonly health?: Health
  readonly exitCode?: number
}

/** From the engine's words of a list row: `Up 5 minutes (healthy)`, `Exited (137) 2 hours ago`. */
export function readStatus(status: string, state: ContainerState): StatusFacts {
  const ended = /^(?:Exited|Restarting|Dead) \((-?\d{1,10})\)/i.exec(status)
  const health = state === 'running' ? healthOf(status) : undefined
  return {
    ...(health && { health }),
    ...(ended && state !== 'running' && { exitCode: Number(ended[1]) }),
  }
}

function healthOf(status: string): Health | undefined {
  const found = /\((?:health: )?(healthy|unhealthy|starting)\)\s*$/i.exec(status)
  return found?.[1]?.toLowerCase() as Health | undefined
}

/** The words without their age, which grows by itself: `Up`, `Exited (0)`, `Up (Paused)`. */
export function agelessStatus(status: string): string {
  return status.replace(
    /\b(?:less than a|about an?|\d+) (?:second|minute|hour|day|week|month|year)s?\b(?: ago)?/gi,
    '',
  )
}

const states: Readonly<Record<string, ContainerState>> = {
  created: 'created',
  running: 'running',
  paused: 'paused',
  restarting: 'restarting',
  removing: 'removing',
  exited: 'exited',
  dead: 'dead',
  // Podman's further words.
  configured: 'created',
  initialized: 'created',
  stopping: 'running',
  stopped: 'exited',
}

/** A word that we do not know is taken from the status text, else it has ended: nothing can be done with it. */
export function stateOf(word: string, status: string): ContainerState {
  const key = word.toLowerCase()
  const known = Object.hasOwn(states, key) ? states[key] : undefined
  if (known) return known
  if (/^up\b/i.test(status)) return /\(paused\)/i.test(status) ? 'paused' : 'running'
  return /^created/i.test(status) ? 'created' : 'exited'
}
