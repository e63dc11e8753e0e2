import { Database, Plus } from 'lucide-react'
import type { ReactNode } from 'react'
import { useCallback, useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import type { Volume, VolumeSize } from '../../../shared/model'
import { keyOf } from '../../../shared/model'
import { call } from '../../api'
import { useT } from '../../i18n'
import { FilterBar, ListEmpty } from '../../objects/ListFrame'
import { useList, useMatching } from '../../objects/use-list'
import { toWire } from '../../../shared/errors'
import { showError } from '../../store/toasts'
import { useRows, useRunningEngines } from '../../store/inventory'
import { Button, DataTable, EmptyState, PageHeader, Tooltip } from '../../ui'
import { useVolumeUsers } from './users'
import { VolumeDialogs, type VolumeDialog } from './VolumeDialogs'
import { useVolumeColumns, volumeMenu } from './volume-table'

type Filter = 'all' | 'used' | 'unused' | 'anonymous'

export function VolumesPage(): ReactNode {
  const t = useT()
  const [, navigate] = useLocation()
  const [dialog, setDialog] = useState<VolumeDialog>()
  const volumes = useRows('volumes')
  const list = useList<Filter>('volumes', 'all')
  const sizes = useSizes()
  const columns = useVolumeColumns(sizes.byKey)
  const rows = useFiltered(volumes, list)
  const open = (volume: Volume): void =>
    navigate(`/volumes/${encodeURIComponent(volume.engine)}/${encodeURIComponent(volume.id)}`)
  return (
    <div className="object-page">
      <PageHeader
        title={t('volumes.title')}
        subtitle={t('volumes.count', { count: volumes.length })}
        actions={
          <Button
            variant="primary"
            icon={<Plus aria-hidden="true" />}
            onClick={() => setDialog({ kind: 'create' })}
          >
            {t('volumes.create')}
          </Button>
        }
      />
      <FilterBar
        list={list}
        filters={[
          { value: 'all', label: t('objects.all') },
          { value: 'used', label: t('objects.inUse') },
          { value: 'unused', label: t('objects.notInUse') },
          { value: 'anonymous', label: t('volumes.filter.anonymous') },
        ]}
      >
        <Tooltip text={t('volumes.sizesHint')}>
          <Button busy={sizes.isMeasuring} onClick={() => void sizes.measure()}>
            {sizes.isMeasuring ? t('volumes.measuring') : t('volumes.sizes')}
          </Button>
        </Tooltip>
        <Button onClick={() => setDialog({ kind: 'prune' })}>{t('objects.prune')}</Button>
      </FilterBar>
      <DataTable
        label={t('volumes.title')}
        rows={rows}
        rowKey={keyOf}
        columns={columns}
        layout={list.layout}
        onLayout={list.setLayout}
        defaultSort={{ column: 'name', direction: 'asc' }}
        selection={list.selection}
        onSelection={list.setSelection}
        onOpen={open}
        onDelete={(chosen) => setDialog({ kind: 'remove', volumes: chosen })}
        menuFor={(chosen) => volumeMenu(t, chosen, { onDialog: setDialog, onOpen: open })}
        bulkBar={(chosen) => (
          <Button variant="danger" size="sm" onClick={() => setDialog({ kind: 'remove', volumes: chosen })}>
            {t('objects.removeMany', { count: chosen.length })}
          </Button>
        )}
        isDim={(volume) => volume.isAnonymous}
        empty={
          <ListEmpty
            list={list}
            none={
              <EmptyState
                icon={<Database aria-hidden="true" />}
                title={t('volumes.empty.title')}
                text={t('volumes.empty.text')}
                action={<Button onClick={() => setDialog({ kind: 'create' })}>{t('volumes.create')}</Button>}
              />
            }
          />
        }
      />
      <VolumeDialogs dialog={dialog} onClose={() => setDialog(undefined)} />
    </div>
  )
}

function useFiltered(
  volumes: readonly Volume[],
  list: { readonly text: string; readonly engine: string; readonly filter: Filter },
): readonly Volume[] {
  const users = useVolumeUsers()
  const matching = useMatching(volumes, list, (volume) => [
    volume.id,
    volume.driver,
    ...Object.entries(volume.labels).map(([name, value]) => `${name}=${value}`),
  ])
  const { filter } = list
  return useMemo(() => {
    if (filter === 'all') return matching
    if (filter === 'anonymous') return matching.filter((volume) => volume.isAnonymous)
    return matching.filter((volume) => users(volume).length > 0 === (filter === 'used'))
  }, [matching, filter, users])
}

/** Sizes only when a person asks: the engine walks its disk for them. */
function useSizes(): {
  byKey: ReadonlyMap<string, VolumeSize>
  isMeasuring: boolean
  measure: () => Promise<void>
} {
  const t = useT()
  const engines = useRunningEngines()
  const [byKey, setByKey] = useState<ReadonlyMap<string, VolumeSize>>(new Map())
  const [isMeasuring, setIsMeasuring] = useState(false)
  const measure = useCallback(async () => {
    setIsMeasuring(true)
    const found = await Promise.allSettled(
      engines.map(async ({ id }) =>
        (await call('volumes.sizes', { engine: id })).sizes.map((size): [string, VolumeSize] => [
          keyOf({ engine: id, id: size.id }),
          size,
        ]),
      ),
    )
    setByKey(new Map(found.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))))
    const failed = found.find((one) => one.status === 'rejected')
    if (failed) showError(toWire(failed.reason), t('volumes.sizes'))
    setIsMeasuring(false)
  }, [engines, t])
  return { byKey, isMeasuring, measure }
}
