import { Cpu, Plus, SquareTerminal } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { useLocation, useSearch } from 'wouter'
import type { Machine } from '../../../../shared/model'
import { useT } from '../../../i18n'
import { isMachineUp, isVerbOffered, verbWords } from '../../../objects/machine-words'
import { openMachineTerminal } from '../../../store/dock'
import { useMachinePending, useMachines, useMachinesKnown, type MachineVerb } from '../../../store/machines'
import { useUi } from '../../../store/ui'
import { Button, DataTable, EmptyState, IconButton, Loading, PageHeader, type TableLayout } from '../../../ui'
import type { MachineDialog } from '../actions/dialog'
import { askOrDo, machineMenu, verbIcons, type MenuContext } from '../actions/machine-menu'
import { MachineDialogs } from '../actions/MachineDialogs'
import { CreateWizard } from '../create/CreateWizard'
import { machinePath, newMachinePath } from '../paths'
import { useMachineColumns } from './columns'
import '../machines.css'

/** All machines. `?new=` opens the wizard over it. */
export function MachinesPage(): ReactNode {
  const t = useT()
  const [, navigate] = useLocation()
  const isCreating = new URLSearchParams(useSearch()).has('new')
  const [dialog, setDialog] = useState<MachineDialog>()
  const machines = useMachines()
  const isKnown = useMachinesKnown()
  const create = (
    <Button variant="primary" icon={<Plus aria-hidden="true" />} onClick={() => navigate(newMachinePath)}>
      {t('machines.create')}
    </Button>
  )
  return (
    <div className="page machines">
      <PageHeader
        title={t('machines.title')}
        subtitle={machines.length > 0 && t('machines.count', { count: machines.length })}
        actions={create}
      />
      {isKnown ? (
        <MachineTable machines={machines} onDialog={setDialog} create={create} />
      ) : (
        <Loading label={t('machines.loading')} />
      )}
      <MachineDialogs dialog={dialog} onClose={() => setDialog(undefined)} />
      {isCreating && <CreateWizard onClose={() => navigate('/machines', { replace: true })} />}
    </div>
  )
}

interface TableProps {
  readonly machines: readonly Machine[]
  readonly onDialog: (dialog: MachineDialog) => void
  readonly create: ReactNode
}

function MachineTable({ machines, onDialog, create }: TableProps): ReactNode {
  const t = useT()
  const [, navigate] = useLocation()
  const columns = useMachineColumns()
  const [layout, setLayout] = useUi<TableLayout>('machines.layout', {})
  const context: MenuContext = { t, navigate, onDialog }
  return (
    <DataTable
      label={t('machines.title')}
      rows={machines}
      rowKey={(one) => one.id}
      columns={columns}
      layout={layout}
      onLayout={setLayout}
      defaultSort={byName}
      onOpen={(one) => navigate(machinePath(one.id))}
      onDelete={([one]) => one && onDialog({ kind: 'remove', machine: one })}
      menuFor={([one]) => (one ? machineMenu(one, context) : [])}
      rowActions={(one) => <RowButtons machine={one} context={context} />}
      isDim={(one) => one.state.kind === 'stopped' || one.state.kind === 'absent'}
      empty={
        <EmptyState
          icon={<Cpu aria-hidden="true" />}
          title={t('machines.empty.title')}
          text={t('machines.empty.text')}
          action={create}
        />
      }
    />
  )
}

const byName = { column: 'name', direction: 'asc' } as const
const inRow: readonly MachineVerb[] = ['start', 'suspend', 'shutdown', 'restart']

function RowButtons({ machine, context }: { machine: Machine; context: MenuContext }): ReactNode {
  const { t, onDialog } = context
  const pending = useMachinePending(machine.id)
  const isStarting = machine.state.kind === 'starting'
  const verbs = [...inRow, ...(isStarting ? (['kill'] as const) : [])]
  return (
    <>
      {verbs
        .filter((verb) => isVerbOffered(verb, machine))
        .map((verb) => (
          <IconButton
            key={verb}
            size="sm"
            label={verbWords(t, verb, machine)}
            icon={verbIcons[verb]}
            busy={pending === verb}
            onClick={() => askOrDo(verb, machine, onDialog)}
          />
        ))}
      {isMachineUp(machine) && (
        <IconButton
          size="sm"
          label={t('machines.verb.terminal')}
          icon={<SquareTerminal aria-hidden="true" />}
          onClick={() => openMachineTerminal(machine.id, machine.settings.name)}
        />
      )}
    </>
  )
}
