import { Database, Plus } from 'lucide-react'
import type { ReactNode } from 'react'
import { useCallback, useState } from 'react'
import { useLocation } from 'wouter'
import type { Volume, VolumeSize } from '../../../shared/model'
import { keyOf } from '../../../shared/model'
import { call } from '../../api'
import { useT } from '../../i18n'
import { ObjectList } from '../../objects/ObjectList'
import { useFiltersByUse } from '../../objects/UsedBy'
import { useAsked, type Askable } from '../../objects/use-asked'
import { toWire } from '../../../shared/errors'
import { showError } from '../../store/toasts'
import { useRows, useRunningEngines } from '../../store/inventory'
import { Button, EmptyState, Tooltip } from '../../ui'
import { useVolumeUsers } from './users'
import { VolumeDialogs, type VolumeDialog } from './VolumeDialogs'
import { volumeMenu } from './volume-menu'
import { useVolumeColumns } from './volume-table'

const askable: Askable<VolumeDialog | 'sizes'> = {
  prune: () => ({ kind: 'prune' }),
  new: () => ({ kind: 'create' }),
  sizes: () => 'sizes',
}

/** All volumes of all engines. `?prune` opens the clean-up, `?new` the form for a new one; `?sizes` measures. */
export function VolumesPage(): ReactNode {
  const t = useT()
  const [, navigate] = useLocation()
  const [dialog, setDialog] = useState<VolumeDialog>()
  const sizes = useSizes()
  const { measure } = sizes
  useAsked(
    askable,
    useCallback((asked) => (asked === 'sizes' ? void measure() : setDialog(asked)), [measure]),
  )
  const volumes = useRows('volumes')
  const users = useVolumeUsers()
  const byUse = useFiltersByUse(users)
  const columns = useVolumeColumns(sizes.byKey)
  const open = (volume: Volume): void =>
    navigate(`/volumes/${encodeURIComponent(volume.engine)}/${encodeURIComponent(volume.id)}`)
  const create = (
    <Button
      variant="primary"
      icon={<Plus aria-hidden="true" />}
      onClick={() => setDialog({ kind: 'create' })}
    >
      {t('volumes.create')}
    </Button>
  )
  return (
    <>
      <ObjectList
        name="volumes"
        title={t('volumes.title')}
        count={t('volumes.count', { count: volumes.length })}
        rows={volumes}
        columns={columns}
        defaultSort={{ column: 'name', direction: 'asc' }}
        filters={[
          { value: 'all', label: t('objects.all'), keep: () => true },
          ...byUse,
          { value: 'anonymous', label: t('volumes.filter.anonymous'), keep: (volume) => volume.isAnonymous },
        ]}
        wordsOf={wordsOf}
        onOpen={open}
        onRemove={(chosen) => setDialog({ kind: 'remove', volumes: chosen })}
        menuFor={(chosen) => volumeMenu(t, chosen, { onDialog: setDialog, onOpen: open })}
        isDim={(volume) => volume.isAnonymous}
        actions={create}
        tools={<Tools sizes={sizes} onPrune={() => setDialog({ kind: 'prune' })} />}
        none={
          <EmptyState
            icon={<Database aria-hidden="true" />}
            title={t('volumes.empty.title')}
            text={t('volumes.empty.text')}
            action={create}
          />
        }
      />
      <VolumeDialogs dialog={dialog} onClose={() => setDialog(undefined)} />
    </>
  )
}

const wordsOf = (volume: Volume): string[] => [
  volume.id,
  volume.driver,
  ...Object.entries(volume.labels).map(([name, value]) => `${name}=${value}`),
]

function Tools({ sizes, onPrune }: { readonly sizes: Sizes; readonly onPrune: () => void }): ReactNode {
  const t = useT()
  return (
    <>
      <Tooltip text={t('volumes.sizesHint')}>
        <Button busy={sizes.isMeasuring} onClick={() => void sizes.measure()}>
          {sizes.isMeasuring ? t('volumes.measuring') : t('volumes.sizes')}
        </Button>
      </Tooltip>
      <Button onClick={onPrune}>{t('objects.prune')}</Button>
    </>
  )
}

interface Sizes {
  readonly byKey: ReadonlyMap<string, VolumeSize>
  readonly isMeasuring: boolean
  readonly measure: () => Promise<void>
}

/** Sizes only when a person asks: the engine walks its disk for them. */
function useSizes(): Sizes {
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
