import { Ellipsis, SquareTerminal } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import type { Machine } from '../../../../shared/model'
import { useT } from '../../../i18n'
import {
  backendWords,
  isMachineUp,
  isVerbOffered,
  machineTone,
  verbWords,
} from '../../../objects/machine-words'
import { openMachineTerminal } from '../../../store/dock'
import { useMachine, useMachinePending, useMachinesKnown, type MachineVerb } from '../../../store/machines'
import {
  Badge,
  Button,
  ErrorState,
  IconButton,
  Loading,
  Menu,
  PageHeader,
  StatusDot,
  Tabs,
} from '../../../ui'
import type { MachineDialog, OnMachineDialog } from '../actions/dialog'
import { askOrDo, machineMenu, verbIcons } from '../actions/machine-menu'
import { MachineDialogs } from '../actions/MachineDialogs'
import { useStateWords } from '../list/cells'
import { machinePath, machineTabs, toMachineTab } from '../paths'
import { TabBody } from './TabBody'
import '../machines.css'

interface MachinePageProps {
  readonly id: string
  readonly tab?: string | undefined
}

export function MachinePage(props: MachinePageProps): ReactNode {
  return <Place key={props.id} {...props} />
}

/** A dialog outlives its machine: removing one ends on the list of those that stay. */
function Place(props: MachinePageProps): ReactNode {
  const [dialog, setDialog] = useState<MachineDialog>()
  return (
    <>
      <PageOrGone {...props} onDialog={setDialog} />
      <MachineDialogs dialog={dialog} onClose={() => setDialog(undefined)} />
    </>
  )
}

function PageOrGone({ id, tab, onDialog }: MachinePageProps & Asks): ReactNode {
  const t = useT()
  const machine = useMachine(id)
  const isKnown = useMachinesKnown()
  if (machine) return <Page machine={machine} tab={tab} onDialog={onDialog} />
  if (!isKnown) return <Loading label={t('machines.loading')} />
  return (
    <ErrorState
      title={t('machines.page.gone')}
      text={t('machines.page.goneText')}
      action={<a href="#/machines">{t('machines.page.back')}</a>}
    />
  )
}

interface Asks {
  readonly onDialog: OnMachineDialog
}

interface PageProps extends Asks {
  readonly machine: Machine
  readonly tab: string | undefined
}

function Page({ machine, tab: asked, onDialog }: PageProps): ReactNode {
  const t = useT()
  const [, navigate] = useLocation()
  const tab = toMachineTab(asked)
  const badges = { ports: machine.ports.length, shares: machine.shares.length }
  return (
    <div className="page machines">
      <PageHeader
        back={{ href: '#/machines', label: t('machines.page.back') }}
        title={machine.settings.name}
        subtitle={<Subtitle machine={machine} />}
        actions={<HeaderActions machine={machine} onDialog={onDialog} />}
      />
      <Tabs
        label={t('machines.page.tabList')}
        value={tab}
        onChange={(next) => navigate(machinePath(machine.id, next), { replace: true })}
        tabs={machineTabs.map((one) => ({
          id: one,
          label: t(`machines.page.tabs.${one}`),
          ...((one === 'ports' || one === 'shares') && badges[one] > 0 && { badge: badges[one] }),
        }))}
      >
        <TabBody tab={tab} machine={machine} onDialog={onDialog} />
      </Tabs>
    </div>
  )
}

function Subtitle({ machine }: { readonly machine: Machine }): ReactNode {
  const t = useT()
  const { words, isPending } = useStateWords(machine)
  return (
    <span className="machines__facts">
      <StatusDot tone={isPending ? 'busy' : machineTone(machine)} label={words} />
      <span role="status">{words}</span>
      <span className="faint">{backendWords(t, machine)}</span>
      {machine.accelerator?.isEmulated && (
        <Badge tone="warn" title={t('machines.emulatedText')}>
          {t('machines.emulated')}
        </Badge>
      )}
    </span>
  )
}

interface HeaderActionsProps extends Asks {
  readonly machine: Machine
}

function HeaderActions({ machine, onDialog }: HeaderActionsProps): ReactNode {
  const t = useT()
  const [, navigate] = useLocation()
  const pending = useMachinePending(machine.id)
  const isStarting = machine.state.kind === 'starting'
  const shown: readonly MachineVerb[] = ['start', 'suspend', 'shutdown', 'restart']
  const verbs = [...shown, ...(isStarting ? (['kill'] as const) : [])]
  return (
    <>
      {verbs
        .filter((verb) => isVerbOffered(verb, machine))
        .map((verb) => (
          <Button
            key={verb}
            variant={verb === 'start' ? 'primary' : 'default'}
            icon={verbIcons[verb]}
            busy={pending === verb}
            onClick={() => askOrDo(verb, machine, onDialog)}
          >
            {verbWords(t, verb, machine)}
          </Button>
        ))}
      {isMachineUp(machine) && (
        <IconButton
          label={t('machines.verb.terminal')}
          icon={<SquareTerminal aria-hidden="true" />}
          onClick={() => openMachineTerminal(machine.id, machine.settings.name)}
        />
      )}
      <Menu
        align="end"
        trigger={<IconButton label={t('machines.moreActions')} icon={<Ellipsis aria-hidden="true" />} />}
        items={machineMenu(machine, { t, navigate, onDialog })}
      />
    </>
  )
}
