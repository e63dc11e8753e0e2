import { Copy, Eye, Moon, Pause, Play, Power, RotateCw, SquareTerminal, Trash2, Unplug } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Machine } from '../../../../shared/model'
import type { Translate } from '../../../i18n'
import { copyText } from '../../../objects/copy-text'
import { isMachineUp, isVerbOffered, verbWords } from '../../../objects/machine-words'
import { openMachineTerminal } from '../../../store/dock'
import { doToMachine, machineVerbs, type MachineVerb } from '../../../store/machines'
import type { MenuItem } from '../../../ui'
import { machinePath } from '../paths'
import { exportLine } from '../page/overview/export-line'
import type { OnMachineDialog } from './dialog'

export const verbIcons: Readonly<Record<MachineVerb, ReactNode>> = {
  start: <Play aria-hidden="true" />,
  startCold: <Power aria-hidden="true" />,
  suspend: <Moon aria-hidden="true" />,
  shutdown: <Pause aria-hidden="true" />,
  restart: <RotateCw aria-hidden="true" />,
  kill: <Unplug aria-hidden="true" />,
}

export interface MenuContext {
  readonly t: Translate
  readonly navigate: (path: string) => void
  readonly onDialog: OnMachineDialog
}

/** Does it, or asks first where something is lost. Ending a start loses nothing. */
export function askOrDo(verb: MachineVerb, machine: Machine, onDialog: OnMachineDialog): void {
  const isAsked = verb === 'shutdown' || (verb === 'kill' && machine.state.kind !== 'starting')
  if (isAsked) onDialog({ kind: verb, machine })
  else void doToMachine(machine.id, verb)
}

export function machineMenu(machine: Machine, context: MenuContext): readonly MenuItem[] {
  const { t, navigate, onDialog } = context
  const verbs = machineVerbs.filter((verb) => isVerbOffered(verb, machine))
  return [
    {
      verb: 'open',
      label: t('machines.verb.open'),
      icon: <Eye />,
      onSelect: () => navigate(machinePath(machine.id)),
    },
    ...(isMachineUp(machine)
      ? [
          {
            verb: 'terminal',
            label: t('machines.verb.terminal'),
            icon: <SquareTerminal />,
            onSelect: () => openMachineTerminal(machine.id, machine.settings.name),
          },
        ]
      : []),
    'separator',
    ...verbs.map((verb) => ({
      verb,
      label: verbWords(t, verb, machine),
      icon: verbIcons[verb],
      danger: verb === 'kill' && machine.state.kind !== 'starting',
      onSelect: () => askOrDo(verb, machine, onDialog),
    })),
    'separator',
    {
      verb: 'copyHost',
      label: t('machines.verb.copyHost'),
      icon: <Copy />,
      onSelect: () => void copyText(exportLine(machine)),
    },
    { verb: 'clone', label: t('machines.verb.clone'), onSelect: () => onDialog({ kind: 'clone', machine }) },
    'separator',
    {
      verb: 'remove',
      label: t('machines.verb.remove'),
      icon: <Trash2 />,
      danger: true,
      shortcut: 'Del',
      onSelect: () => onDialog({ kind: 'remove', machine }),
    },
  ]
}
