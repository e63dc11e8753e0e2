import type { Container } from '../../shared/model'
import type { Translate } from '../i18n'
import type { Tone } from '../ui'

type Stated = Pick<Container, 'state' | 'health' | 'exitCode'>

// Ends that a person or an engine asked for: SIGINT, SIGKILL after a stop's patience, SIGTERM.
const askedFor = new Set([0, 130, 137, 143])

export function toneOf(one: Stated): Tone {
  switch (one.state) {
    case 'running':
      if (one.health === 'unhealthy') return 'bad'
      return one.health === 'starting' ? 'busy' : 'ok'
    case 'paused':
      return 'warn'
    case 'restarting':
    case 'removing':
      return 'busy'
    case 'dead':
      return 'bad'
    case 'created':
      return 'idle'
    case 'exited':
      return askedFor.has(one.exitCode ?? 0) ? 'idle' : 'bad'
  }
}

export function stateWords(t: Translate, one: Stated): string {
  if (one.state === 'exited' && one.exitCode !== undefined)
    return t('containers.state.exitedWith', { code: one.exitCode })
  return t(`containers.state.${one.state}`)
}

/** A pending action in words: `containers.stop` is "Stopping…". */
export function pendingWords(t: Translate, name: string): string {
  switch (name) {
    case 'containers.start':
      return t('containers.pending.start')
    case 'containers.stop':
      return t('containers.pending.stop')
    case 'containers.restart':
      return t('containers.pending.restart')
    case 'containers.pause':
      return t('containers.pending.pause')
    case 'containers.resume':
      return t('containers.pending.resume')
    case 'containers.kill':
      return t('containers.pending.kill')
    case 'containers.remove':
      return t('containers.pending.remove')
    case 'containers.rename':
      return t('containers.pending.rename')
    default:
      return t('containers.pending.other')
  }
}

/** It has processes, networks and mounts: the engine keeps what it holds. */
export const isUp = ({ state }: Pick<Container, 'state'>): boolean =>
  state === 'running' || state === 'paused' || state === 'restarting'
