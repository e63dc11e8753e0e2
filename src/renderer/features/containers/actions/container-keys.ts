import { keyOf, type Container } from '../../../../shared/model'
import { copyText } from '../../../objects/copy-text'
import { pendingStore } from '../../../store/pending'
import { containerPath } from '../tabs'
import { doVerb, type PlainVerb } from './do-verb'
import type { MenuContext } from './menu'
import { isOffered, pauseOrResume, startOrStop } from './offered'

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
      doIfFree(startOrStop(containers), containers)
      return true
    case 'r':
      doIfFree('restart', containers)
      return true
    case 'p':
      doIfFree(pauseOrResume(containers), containers)
      return true
  }
  return containers.length === 1 && handleSingle(key, one, context)
}

/**
 * What was asked of before and has not answered yet is left alone, as its buttons are: a key that is pressed twice must
 * not ask twice. The verb is that of the whole selection, else the second press would start what the first did not stop.
 */
function doIfFree(verb: PlainVerb, containers: readonly Container[]): void {
  const { byKey } = pendingStore.getState()
  doVerb(
    verb,
    containers.filter((one) => !byKey.has(keyOf(one))),
  )
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
      void copyText(one.id)
      return true
    default:
      return false
  }
}
