import { useMemo } from 'react'
import type { Volume, VolumeSize } from '../../../shared/model'
import { keyOf } from '../../../shared/model'
import type { Translate } from '../../i18n'
import { useT } from '../../i18n'
import { formatBytes } from '../../i18n/format'
import { ageColumn, engineColumn } from '../../objects/columns'
import { UsedByCell } from '../../objects/UsedBy'
import { useEngines } from '../../store/inventory'
import type { Column } from '../../ui'
import { Badge } from '../../ui'
import { useVolumeUsers } from './users'

export function useVolumeColumns(sizes: ReadonlyMap<string, VolumeSize>): readonly Column<Volume>[] {
  const t = useT()
  const engines = useEngines()
  const users = useVolumeUsers()
  return useMemo(
    () => [
      nameColumn(t),
      sizeColumn(t, sizes),
      ...moreColumns(t, users),
      ...engineColumn<Volume>(t, engines),
    ],
    [t, engines, users, sizes],
  )
}

const nameColumn = (t: Translate): Column<Volume> => ({
  id: 'name',
  header: t('objects.name'),
  width: 280,
  sortValue: (volume) => volume.id,
  render: (volume) => (
    <span className="object-row" title={volume.id}>
      <bdi>{volume.isAnonymous ? volume.id.slice(0, 12) : volume.id}</bdi>
      {volume.isAnonymous && <Badge>{t('volumes.anonymous')}</Badge>}
    </span>
  ),
})

function sizeColumn(t: Translate, sizes: ReadonlyMap<string, VolumeSize>): Column<Volume> {
  const sizeOf = (volume: Volume): number | undefined => {
    const size = sizes.get(keyOf(volume))?.sizeBytes
    return size === undefined || size < 0 ? undefined : size
  }
  return {
    id: 'size',
    header: t('objects.size'),
    width: 90,
    align: 'end',
    sortValue: sizeOf,
    render: (volume) => {
      const size = sizeOf(volume)
      return size === undefined ? '—' : formatBytes(size)
    },
  }
}

const moreColumns = (t: Translate, users: ReturnType<typeof useVolumeUsers>): Column<Volume>[] => [
  {
    id: 'used',
    header: t('objects.usedBy'),
    width: 160,
    sortValue: (volume) => users(volume).length,
    isMostFirst: true,
    render: (volume) => <UsedByCell engine={volume.engine} containers={users(volume)} />,
  },
  {
    id: 'driver',
    header: t('objects.driver'),
    width: 90,
    isOptional: true,
    sortValue: (volume) => volume.driver,
    render: (volume) => <bdi>{volume.driver}</bdi>,
  },
  ageColumn<Volume>(t),
  {
    id: 'mountpoint',
    header: t('volumes.column.mountpoint'),
    width: 260,
    isOptional: true,
    isHidden: true,
    render: (volume) => <bdi title={volume.mountpoint}>{volume.mountpoint}</bdi>,
  },
]
