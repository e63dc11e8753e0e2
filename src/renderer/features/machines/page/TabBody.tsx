import type { ReactNode } from 'react'
import type { Machine } from '../../../../shared/model'
import type { OnMachineDialog } from '../actions/dialog'
import type { MachineTab } from '../paths'
import { SettingsTab } from '../settings/SettingsTab'
import { ConsoleTab } from './tabs/ConsoleTab'
import { LogTab } from './tabs/LogTab'
import { NeedsRestart } from './NeedsRestart'
import { OverviewTab } from './overview/OverviewTab'
import { PortsTab } from './tabs/PortsTab'
import { ResetTab } from './tabs/ResetTab'
import { SharesTab } from './tabs/SharesTab'
import { SnapshotsTab } from './tabs/SnapshotsTab'

interface TabBodyProps {
  readonly tab: MachineTab
  readonly machine: Machine
  readonly onDialog: OnMachineDialog
}

export function TabBody(props: TabBodyProps): ReactNode {
  return (
    <>
      <NeedsRestart machine={props.machine} />
      <Body {...props} />
    </>
  )
}

function Body({ tab, machine, onDialog }: TabBodyProps): ReactNode {
  switch (tab) {
    case 'overview':
      return <OverviewTab machine={machine} onDialog={onDialog} />
    case 'console':
      return <ConsoleTab machine={machine} />
    case 'settings':
      return <SettingsTab machine={machine} />
    case 'shares':
      return <SharesTab machine={machine} />
    case 'ports':
      return <PortsTab machine={machine} />
    case 'snapshots':
      return <SnapshotsTab machine={machine} onDialog={onDialog} />
    case 'log':
      return <LogTab machine={machine} />
    case 'reset':
      return <ResetTab machine={machine} onDialog={onDialog} />
  }
}
