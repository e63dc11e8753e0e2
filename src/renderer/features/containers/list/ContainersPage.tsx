import { Play, Plus, RotateCw, ScrollText, Square, Trash2 } from 'lucide-react'
import { useCallback, useMemo, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { keyOf, type Container } from '../../../../shared/model'
import { useT } from '../../../i18n'
import { useEngines } from '../../../store/inventory'
import { usePending } from '../../../store/pending'
import { MissingLists } from '../../../objects/MissingLists'
import { useAsked, type Askable } from '../../../objects/use-asked'
import { useUi } from '../../../store/ui'
import { Button, DataTable, IconButton, latinKey, LinkButton, PageHeader, type GroupItem } from '../../../ui'
import { handleContainerKey } from '../actions/container-keys'
import { ContainerDialogs } from '../actions/ContainerDialogs'
import type { ContainerDialog } from '../actions/dialog'
import { doVerb } from '../actions/do-verb'
import { containerMenu, type MenuContext } from '../actions/menu'
import { isOffered } from '../actions/offered'
import { containerPath } from '../tabs'
import { BulkButtons } from './BulkButtons'
import { useColumns } from './columns'
import { EmptyList } from './EmptyList'
import { FilterBar } from './FilterBar'
import { groupIdOf } from './groups'
import { GroupWords } from './GroupWords'
import { LiveOverview } from './LiveOverview'
import { LiveTotals } from './LiveTotals'
import { TotalsHistory } from './totals-history'
import { useContainerList, type ContainerList } from './use-container-list'
import { isLiveSort, useLiveOrder } from './use-live-order'
import { useVisibleStats } from './use-visible-stats'
import '../containers.css'

const askable: Askable<ContainerDialog> = { prune: () => ({ kind: 'prune' }) }

/** All containers of all engines. `?prune` opens the clean-up. */
export function ContainersPage(): ReactNode {
  const t = useT()
  const list = useContainerList()
  const [dialog, setDialog] = useState<ContainerDialog>()
  useAsked(askable, setDialog)
  const [history] = useState(() => new TotalsHistory())
  const [isOverview, setOverview] = useUi('containers.overview', false)
  const running = list.all.filter((one) => one.state === 'running').length
  return (
    <div className="page containers">
      <PageHeader
        title={t('containers.title')}
        subtitle={list.all.length > 0 && t('containers.runningCount', { running, total: list.all.length })}
        actions={
          <>
            <LiveTotals containers={list.all} history={history} isOpen={isOverview} onOpen={setOverview} />
            <Button icon={<Trash2 aria-hidden="true" />} onClick={() => setDialog({ kind: 'prune' })}>
              {t('containers.prune')}
            </Button>
            <LinkButton variant="primary" href="#/run" icon={<Plus aria-hidden="true" />}>
              {t('containers.run')}
            </LinkButton>
          </>
        }
      />
      {isOverview && <LiveOverview containers={list.all} history={history} />}
      <FilterBar list={list} />
      {(list.rows.length > 0 || list.isFiltered) && <MissingLists kind="containers" engine={list.engine} />}
      <ContainerTable list={list} onDialog={setDialog} />
      <ContainerDialogs dialog={dialog} onClose={() => setDialog(undefined)} />
    </div>
  )
}

interface TableProps {
  readonly list: ContainerList
  readonly onDialog: (dialog: ContainerDialog) => void
}

function ContainerTable({ list, onDialog }: TableProps): ReactNode {
  const t = useT()
  const columns = useColumns()
  const context = useMenuContext(onDialog)
  const isLive = isLiveSort(list.layout)
  const rows = useLiveOrder(list.rows, isLive)
  const onVisible = useVisibleStats(list.rows, isLive)
  const { isGrouped, isUnhealthyFirst } = list
  const groupOf = useCallback(
    (one: Container) => groupIdOf(one, { byProject: isGrouped, unhealthyFirst: isUnhealthyFirst }),
    [isGrouped, isUnhealthyFirst],
  )
  const onKey = (event: KeyboardEvent, chosen: readonly Container[]): boolean => {
    // A key that is held down must not stop and start in turn.
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat
    return isPlain && handleContainerKey(latinKey(event.nativeEvent), chosen, context)
  }
  return (
    <div className="containers__table">
      <DataTable
        label={t('containers.title')}
        rows={rows}
        rowKey={keyOf}
        columns={columns}
        layout={list.layout}
        onLayout={list.setLayout}
        defaultSort={byName}
        groupOf={groupOf}
        renderGroup={renderGroup}
        selection={list.selection}
        onSelection={list.setSelection}
        onOpen={(one) => context.navigate(containerPath(one))}
        onKey={onKey}
        onDelete={(containers) => onDialog({ kind: 'remove', containers })}
        menuFor={(containers) => containerMenu(containers, context)}
        rowActions={(one) => <RowButtons container={one} context={context} />}
        actionsWidth={actionsWidth}
        bulkBar={(containers) => <BulkButtons containers={containers} onDialog={onDialog} />}
        isDim={isDim}
        onVisible={onVisible}
        empty={<EmptyList list={list} />}
      />
    </div>
  )
}

/** Four small buttons. */
const actionsWidth = 112
const byName = { column: 'name', direction: 'asc' } as const
const isDim = (one: Container): boolean => one.state !== 'running' && one.state !== 'restarting'
const renderGroup = (group: GroupItem<Container>): ReactNode => <GroupWords group={group} />

function useMenuContext(onDialog: (dialog: ContainerDialog) => void): MenuContext {
  const t = useT()
  const engines = useEngines()
  const [, navigate] = useLocation()
  return useMemo(
    () => ({
      t,
      engineOf: (one) => engines.find(({ id }) => id === one.engine),
      navigate,
      onDialog,
    }),
    [t, engines, navigate, onDialog],
  )
}

interface RowButtonsProps {
  readonly container: Container
  readonly context: MenuContext
}

/** The most used of the menu, at the row's end. */
function RowButtons({ container, context }: RowButtonsProps): ReactNode {
  const { t, navigate, onDialog } = context
  const isBusy = usePending(keyOf(container)) !== undefined
  const verb = isOffered('stop', container) ? 'stop' : 'start'
  const one = [container]
  return (
    <>
      <IconButton
        size="sm"
        label={t(`containers.verb.${verb}`)}
        icon={verb === 'stop' ? <Square /> : <Play />}
        busy={isBusy}
        disabled={!isOffered(verb, container)}
        onClick={() => doVerb(verb, one)}
      />
      <IconButton
        size="sm"
        label={t('containers.verb.restart')}
        icon={<RotateCw />}
        disabled={isBusy || !isOffered('restart', container)}
        onClick={() => doVerb('restart', one)}
      />
      <IconButton
        size="sm"
        label={t('containers.menu.logs')}
        icon={<ScrollText />}
        onClick={() => navigate(containerPath(container, 'logs'))}
      />
      <IconButton
        size="sm"
        label={t('containers.verb.remove')}
        icon={<Trash2 />}
        disabled={!isOffered('remove', container)}
        onClick={() => onDialog({ kind: 'remove', containers: one })}
      />
    </>
  )
}
