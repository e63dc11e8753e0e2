import {
  Eye,
  Moon,
  Pause,
  Play,
  Power,
  RotateCw,
  SquareTerminal,
  Unplug,
  type LucideIcon,
} from 'lucide-react'
import type { Machine } from '../../../shared/model'
import {
  backendWords,
  isMachineUp,
  isVerbOffered,
  machineStateWords,
  machineTone,
  verbWords,
} from '../../objects/machine-words'
import { openMachineTerminal } from '../../store/dock'
import { doToMachine, machineVerbs, type MachineVerb } from '../../store/machines'
import type { Command, Verb } from './find-commands'
import type { CommandTools } from './object-commands'

const icons: Readonly<Record<MachineVerb, LucideIcon>> = {
  start: Play,
  startCold: Power,
  suspend: Moon,
  shutdown: Pause,
  restart: RotateCw,
  kill: Unplug,
}

const verbOf = (verb: MachineVerb): Verb => (verb === 'startCold' ? 'start' : verb)

/** A machine and what can be done to it now. Pulling the plug is asked for on its page only. */
export function machineCommand(machine: Machine, { t, navigate }: CommandTools): Command {
  const { id, settings } = machine
  const path = `/machines/${encodeURIComponent(id)}`
  const open = (): void => navigate(path)
  const verbs = machineVerbs.filter((verb) => verb !== 'kill' && isVerbOffered(verb, machine))
  const pieces: readonly Omit<Command, 'id' | 'group'>[] = [
    { label: t('shell.palette.open'), icon: Eye, run: open },
    ...verbs.map((verb) => ({
      verb: verbOf(verb),
      label: verbWords(t, verb, machine),
      icon: icons[verb],
      run: () => void doToMachine(id, verb),
    })),
    ...(isMachineUp(machine)
      ? [
          {
            verb: 'terminal' as const,
            label: t('shell.palette.terminal'),
            icon: SquareTerminal,
            run: () => openMachineTerminal(id, settings.name),
          },
        ]
      : []),
  ]
  return {
    id: `machines ${id}`,
    group: 'machines',
    label: settings.name,
    detail: backendWords(t, machine),
    keywords: 'machine vm qemu',
    status: { tone: machineTone(machine), label: machineStateWords(t, machine) },
    run: open,
    verbs: pieces.flatMap(({ verb }) => verb ?? []),
    actions: () =>
      pieces.map((piece, index) => ({ ...piece, id: `machines ${id} ${index}`, group: 'machines' })),
  }
}
