import type { Container } from '../../../../shared/model'
import { containerPath } from '../tabs'
import { copyText, doVerb } from './do-verb'
import type { MenuContext } from './menu'
import { isOffered, takers } from './offered'

/**
 * Single keys on the list, as the menus show them. Killing has none: a slip of a finger must not kill.
 * True when the key was one of ours.
 */
export function handleContainerKey(
  key: string,
  containers: readonly Container[],
  context: MenuContext,
): boolean {
  const [one] = containers
  if (!one) return false
  switch (key.toLowerCase()) {
    case 's':
      startOrStop(containers)
      return true
    case 'r':
      doVerb('restart', containers)
      return true
    case 'p':
      doVerb(takers('pause', containers).length > 0 ? 'pause' : 'resume', containers)
      return true
  }
  return containers.length === 1 && handleSingle(key, one, context)
}

/** What runs stops; only when nothing of the selection runs does it start. */
function startOrStop(containers: readonly Container[]): void {
  doVerb(takers('stop', containers).length > 0 ? 'stop' : 'start', containers)
}

function handleSingle(key: string, one: Container, { navigate, onDialog }: MenuContext): boolean {
  switch (key.toLowerCase()) {
    case 'f2':
      if (isOffered('rename', one)) onDialog({ kind: 'rename', container: one })
      return true
    case 'l':
      navigate(containerPath(one, 'logs'))
      return true
    case 't':
      navigate(containerPath(one, 'terminal'))
      return true
    case 'c':
      copyText(one.id)
      return true
    default:
      return false
  }
}
