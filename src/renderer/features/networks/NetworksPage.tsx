import { Network as NetworkIcon, Plus } from 'lucide-react'
import type { ReactNode } from 'react'
import { useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import type { Network } from '../../../shared/model'
import { keyOf } from '../../../shared/model'
import { useT } from '../../i18n'
import { FilterBar, ListEmpty } from '../../objects/ListFrame'
import { useList, useMatching } from '../../objects/use-list'
import { useRows } from '../../store/inventory'
import { Button, DataTable, EmptyState, PageHeader } from '../../ui'
import { NetworkDialogs, type NetworkDialog } from './NetworkDialogs'
import { networkMenu, useNetworkColumns } from './network-table'
import { useNetworkUsers } from './users'

type Filter = 'all' | 'used' | 'unused'

export function NetworksPage(): ReactNode {
  const t = useT()
  const [, navigate] = useLocation()
  const [dialog, setDialog] = useState<NetworkDialog>()
  const networks = useRows('networks')
  const list = useList<Filter>('networks', 'all')
  const columns = useNetworkColumns()
  const rows = useFiltered(networks, list)
  const open = (network: Network): void =>
    navigate(`/networks/${encodeURIComponent(network.engine)}/${encodeURIComponent(network.id)}`)
  const remove = (chosen: readonly Network[]): void => {
    const removable = chosen.filter((network) => !network.isPredefined)
    if (removable.length > 0) setDialog({ kind: 'remove', networks: removable })
  }
  return (
    <div className="object-page">
      <PageHeader
        title={t('networks.title')}
        subtitle={t('networks.count', { count: networks.length })}
        actions={
          <Button
            variant="primary"
            icon={<Plus aria-hidden="true" />}
            onClick={() => setDialog({ kind: 'create' })}
          >
            {t('networks.create')}
          </Button>
        }
      />
      <FilterBar
        list={list}
        filters={[
          { value: 'all', label: t('objects.all') },
          { value: 'used', label: t('objects.inUse') },
          { value: 'unused', label: t('objects.notInUse') },
        ]}
      >
        <Button onClick={() => setDialog({ kind: 'prune' })}>{t('objects.prune')}</Button>
      </FilterBar>
      <DataTable
        label={t('networks.title')}
        rows={rows}
        rowKey={keyOf}
        columns={columns}
        layout={list.layout}
        onLayout={list.setLayout}
        defaultSort={{ column: 'name', direction: 'asc' }}
        selection={list.selection}
        onSelection={list.setSelection}
        onOpen={open}
        onDelete={remove}
        menuFor={(chosen) => networkMenu(t, chosen, { onDialog: setDialog, onOpen: open })}
        bulkBar={(chosen) => (
          <Button variant="danger" size="sm" onClick={() => remove(chosen)}>
            {t('objects.removeMany', { count: chosen.filter((network) => !network.isPredefined).length })}
          </Button>
        )}
        isDim={(network) => network.isPredefined}
        empty={
          <ListEmpty
            list={list}
            none={
              <EmptyState
                icon={<NetworkIcon aria-hidden="true" />}
                title={t('networks.empty.title')}
                text={t('networks.empty.text')}
              />
            }
          />
        }
      />
      <NetworkDialogs dialog={dialog} onClose={() => setDialog(undefined)} />
    </div>
  )
}

function useFiltered(
  networks: readonly Network[],
  list: { readonly text: string; readonly engine: string; readonly filter: Filter },
): readonly Network[] {
  const users = useNetworkUsers()
  const matching = useMatching(networks, list, (network) => [
    network.name,
    network.driver,
    network.id,
    ...network.subnets.map((one) => one.subnet),
  ])
  const { filter } = list
  return useMemo(
    () =>
      filter === 'all'
        ? matching
        : matching.filter((network) => users(network).length > 0 === (filter === 'used')),
    [matching, filter, users],
  )
}
