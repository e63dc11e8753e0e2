import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import type { Container, ContainerDetail } from '../../../../shared/model'
import type { CallState } from '../../../api'
import { useT } from '../../../i18n'
import { Loading } from '../../../ui'
import { InspectTab } from '../inspect/InspectTab'
import { StatsTab } from '../stats/StatsTab'
import { containerPath, type ContainerTab } from '../tabs'
import { ChangesTab } from './ChangesTab'
import { ConnectionsTab } from './ConnectionsTab'
import { EndedCard } from './EndedCard'
import { Failure } from './Failure'
import { HealthTab } from './HealthTab'
import { ProcessesTab } from './ProcessesTab'
import type { ContainerPageSlots } from './slots'

interface TabBodyProps {
  readonly tab: ContainerTab
  readonly container: Container
  readonly detail: CallState<ContainerDetail>
  readonly slots: ContainerPageSlots
}

export function TabBody({ tab, container, detail, slots }: TabBodyProps): ReactNode {
  const [, navigate] = useLocation()
  const toLogs = tab === 'logs' ? undefined : () => navigate(containerPath(container, 'logs'))
  return (
    <>
      {detail.value && <EndedCard container={container} detail={detail.value} onLogs={toLogs} />}
      <Body tab={tab} container={container} detail={detail} slots={slots} />
    </>
  )
}

function Body({ tab, container, detail, slots }: TabBodyProps): ReactNode {
  const about = { engine: container.engine, id: container.id, name: container.name }
  switch (tab) {
    case 'logs':
      return slots.logs(about)
    case 'terminal':
      return slots.terminal(about)
    case 'files':
      return slots.files({ ...about, base: containerPath(container, 'files'), revision: container.state })
    case 'changes':
      return <ChangesTab container={container} />
    case 'processes':
      return <ProcessesTab container={container} />
    case 'stats':
      return <StatsTab container={container} limitBytes={detail.value?.limits.memoryBytes ?? 0} />
    case 'inspect':
    case 'connections':
    case 'health':
      return <DetailBody tab={tab} container={container} detail={detail} />
  }
}

interface DetailBodyProps {
  readonly tab: 'inspect' | 'connections' | 'health'
  readonly container: Container
  readonly detail: CallState<ContainerDetail>
}

function DetailBody({ tab, container, detail }: DetailBodyProps): ReactNode {
  const t = useT()
  if (detail.state === 'loading') return <Loading label={t('containers.page.loading')} />
  // What was read last stays, with the reason why it could not be read again above it.
  const failure = detail.state === 'failed' && (
    <Failure title={t('containers.page.failed')} error={detail.error} onRetry={detail.reload} />
  )
  if (detail.value === undefined) return failure
  return (
    <>
      {failure}
      <Detail tab={tab} container={container} detail={detail.value} />
    </>
  )
}

type DetailProps = Omit<DetailBodyProps, 'detail'> & { readonly detail: ContainerDetail }

function Detail({ tab, container, detail }: DetailProps): ReactNode {
  switch (tab) {
    case 'inspect':
      return <InspectTab detail={detail} />
    case 'connections':
      return <ConnectionsTab container={container} detail={detail} />
    case 'health':
      return <HealthTab detail={detail} />
  }
}
