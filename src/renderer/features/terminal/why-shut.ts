import type { ObjectRef, TerminalSession } from '../../../shared/model'
import { useT } from '../../i18n'
import { useRow } from '../../store/inventory'

/** Why no shell can be opened where this session was: its container does not run, or is gone. */
export function useWhyShut(session: TerminalSession): string | undefined {
  const t = useT()
  const ref = containerOf(session)
  const row = useRow('containers', ref)
  return ref && row?.state !== 'running' ? t('terminal.notRunning') : undefined
}

const containerOf = ({ kind, engine, container }: TerminalSession): ObjectRef | undefined =>
  kind === 'container' && engine !== undefined && container !== undefined
    ? { engine, id: container }
    : undefined
