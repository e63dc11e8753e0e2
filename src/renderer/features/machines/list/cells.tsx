import type { ReactNode } from 'react'
import type { Machine } from '../../../../shared/model'
import { useT } from '../../../i18n'
import {
  backendWords,
  machinePendingWords,
  machineStateWords,
  machineTone,
} from '../../../objects/machine-words'
import { useMachinePending } from '../../../store/machines'
import { Badge, StatusDot } from '../../../ui'
import { hostPortText } from '../page/tabs/host-port'

interface CellProps {
  readonly machine: Machine
}

/** What it is doing, in words: what was asked of it first, unless its own state tells more. */
export function useStateWords(machine: Machine): { readonly words: string; readonly isPending: boolean } {
  const t = useT()
  const pending = useMachinePending(machine.id)
  const isMoving = machine.state.kind === 'starting' || machine.state.kind === 'stopping'
  return pending === undefined || isMoving
    ? { words: machineStateWords(t, machine), isPending: false }
    : { words: machinePendingWords(t, pending), isPending: true }
}

export function NameCell({ machine }: CellProps): ReactNode {
  const { words, isPending } = useStateWords(machine)
  const { name } = machine.settings
  return (
    <>
      <StatusDot tone={isPending ? 'busy' : machineTone(machine)} label={words} />
      <bdi className="truncate" title={name}>
        {name}
      </bdi>
    </>
  )
}

export function StateCell({ machine }: CellProps): ReactNode {
  const { words, isPending } = useStateWords(machine)
  return (
    <span className={isPending ? 'machines__pending truncate' : 'truncate'} title={words}>
      {words}
    </span>
  )
}

export function BackendCell({ machine }: CellProps): ReactNode {
  const t = useT()
  return (
    <>
      <span className="truncate">{backendWords(t, machine)}</span>
      {machine.accelerator?.isEmulated && (
        <Badge tone="warn" title={t('machines.emulatedText')}>
          {t('machines.emulated')}
        </Badge>
      )}
    </>
  )
}

export function PortsCell({ machine }: CellProps): ReactNode {
  const texts = machine.ports.map(hostPortText)
  return (
    <span className="truncate num" title={texts.join('\n')}>
      {machine.ports.map((port) => port.port).join(', ')}
    </span>
  )
}
