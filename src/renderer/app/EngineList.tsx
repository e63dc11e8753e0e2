import { ChevronsUpDown } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import type { Engine, Machine } from '../../shared/model'
import { useT, type Translate } from '../i18n'
import { setEngineFilter, useEngineFilter } from '../store/engine-filter'
import {
  isMachineUp,
  isVerbOffered,
  machineStateWords,
  machineTone,
  verbWords,
} from '../objects/machine-words'
import { engineMenu } from '../features/engine/engine-menu'
import { StopEngine, type StopEngineDialog } from '../features/engine/StopEngine'
import { useAgent } from '../store/agents'
import { openMachineTerminal } from '../store/dock'
import { useEngines } from '../store/inventory'
import { doToMachine, useMachineOf, useMachines, type MachineVerb } from '../store/machines'
import { classNames, Menu, StatusDot, type MenuItem, type Tone } from '../ui'
import { engineStateWords, engineTone } from '../objects/engine-words'

/** The engines at the sidebar's foot: how each is, and which one the lists are narrowed to. */
export function EngineList(): ReactNode {
  const t = useT()
  const engines = useEngines()
  // The engine of a machine that is off may be in no list yet: the machine itself stands here then.
  const others = useMachines().filter((one) => !engines.some((engine) => engine.id === one.engine))
  return (
    <section className="engine-list" aria-label={t('shell.engines.label')}>
      {engines.length + others.length === 0 && <NoEngine />}
      {engines.map((engine) => (
        <EngineEntry key={engine.id} engine={engine} isOnly={engines.length === 1} />
      ))}
      {others.map((machine) => (
        <MachineEntry key={machine.id} machine={machine} />
      ))}
    </section>
  )
}

function NoEngine(): ReactNode {
  const t = useT()
  const [, navigate] = useLocation()
  return (
    <button type="button" className="engine-list__engine" onClick={() => navigate('/engine')}>
      <StatusDot tone="idle" label={t('shell.engines.none')} />
      <span className="engine-list__words">{t('shell.engines.none')}</span>
    </button>
  )
}

/** How an engine is; of one in a machine, how the machine is: the stage of its start, what is wrong. */
function EngineEntry({ engine, isOnly }: { readonly engine: Engine; readonly isOnly: boolean }): ReactNode {
  const t = useT()
  const [, navigate] = useLocation()
  const chosen = useEngineFilter() === engine.id
  const machine = useMachineOf(engine.id)
  const agent = useAgent(engine.id)
  const [asked, setAsked] = useState<StopEngineDialog>()
  const state = machine ? machineStateWords(t, machine) : engineStateWords(t, engine)
  const isFine = engine.state.kind === 'running' && (!machine || machine.state.kind === 'running')
  const narrow: MenuItem[] = isOnly
    ? []
    : [
        {
          label: t('shell.engines.onlyThis'),
          checked: chosen,
          onSelect: () => setEngineFilter(chosen ? undefined : engine.id),
        },
        { label: t('shell.engines.showAll'), onSelect: () => setEngineFilter(undefined) },
        'separator',
      ]
  return (
    <EntryMenu
      name={engine.name}
      title={engine.address}
      state={state}
      facts={isFine && engine.facts ? engine.facts.version : state}
      tone={machine ? machineTone(machine) : engineTone(engine)}
      isChosen={chosen}
      items={[
        ...narrow,
        ...(machine ? machineItems(t, machine, navigate) : []),
        ...engineMenu(engine, { t, navigate, agent, onDialog: setAsked }),
      ]}
    >
      {asked && <StopEngine dialog={asked} onClose={() => setAsked(undefined)} />}
    </EntryMenu>
  )
}

function MachineEntry({ machine }: { readonly machine: Machine }): ReactNode {
  const t = useT()
  const [, navigate] = useLocation()
  const state = machineStateWords(t, machine)
  return (
    <EntryMenu
      name={machine.settings.name}
      title={machine.socketPath}
      state={state}
      facts={state}
      tone={machineTone(machine)}
      isChosen={false}
      items={machineItems(t, machine, navigate)}
    />
  )
}

const quickVerbs: readonly MachineVerb[] = ['start', 'suspend']

/** What does no harm is here; the rest is on the machine's page. */
function machineItems(t: Translate, machine: Machine, navigate: (path: string) => void): MenuItem[] {
  const { id, settings } = machine
  return [
    ...quickVerbs
      .filter((verb) => isVerbOffered(verb, machine))
      .map((verb) => ({ label: verbWords(t, verb, machine), onSelect: () => void doToMachine(id, verb) })),
    ...(isMachineUp(machine)
      ? [
          {
            label: t('shell.engines.machineTerminal'),
            onSelect: () => openMachineTerminal(id, settings.name),
          },
        ]
      : []),
    {
      label: t('shell.engines.showMachine'),
      onSelect: () => navigate(`/machines/${encodeURIComponent(id)}`),
    },
    'separator',
  ]
}

interface EntryMenuProps {
  readonly name: string
  readonly title: string
  readonly state: string
  readonly facts: string
  readonly tone: Tone
  readonly isChosen: boolean
  readonly items: readonly MenuItem[]
  /** What a line of the menu asks. */
  readonly children?: ReactNode
}

function EntryMenu(props: EntryMenuProps): ReactNode {
  return (
    <>
      <Menu
        trigger={
          <button
            type="button"
            className={classNames('engine-list__engine', props.isChosen && 'engine-list__engine--chosen')}
            title={props.title}
          >
            <StatusDot tone={props.tone} label={props.state} />
            <span className="engine-list__words">
              <bdi className="truncate">{props.name}</bdi>
              <span className="engine-list__facts truncate">{props.facts}</span>
            </span>
            <ChevronsUpDown size={12} aria-hidden="true" />
          </button>
        }
        items={props.items.at(-1) === 'separator' ? props.items.slice(0, -1) : props.items}
      />
      {props.children}
    </>
  )
}
