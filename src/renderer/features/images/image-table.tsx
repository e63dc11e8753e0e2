import { useMemo } from 'react'
import type { Container, Image } from '../../../shared/model'
import { shortId } from '../../../shared/model'
import type { Translate } from '../../i18n'
import { useT } from '../../i18n'
import { formatBytes } from '../../i18n/format'
import { ageColumn, engineColumn } from '../../objects/columns'
import { UsedByCell } from '../../objects/UsedBy'
import { useEngines } from '../../store/inventory'
import type { Column } from '../../ui'
import { Badge } from '../../ui'

export function useImageColumns(users: (image: Image) => readonly Container[]): readonly Column<Image>[] {
  const t = useT()
  const engines = useEngines()
  return useMemo(
    () => [
      {
        id: 'tag',
        header: t('images.column.tag'),
        width: 280,
        sortValue: (image) => image.tags[0],
        render: (image) => tagCell(t, image),
      },
      {
        id: 'id',
        header: t('images.column.id'),
        width: 120,
        isOptional: true,
        render: (image) => <code>{shortId(image.id)}</code>,
      },
      {
        id: 'size',
        header: t('objects.size'),
        width: 90,
        align: 'end',
        sortValue: (image) => image.sizeBytes,
        render: (image) => formatBytes(image.sizeBytes),
      },
      ageColumn<Image>(t),
      {
        id: 'used',
        header: t('objects.usedBy'),
        width: 160,
        isOptional: true,
        sortValue: (image) => users(image).length,
        isMostFirst: true,
        render: (image) => <UsedByCell engine={image.engine} containers={users(image)} />,
      },
      ...engineColumn<Image>(t, engines),
    ],
    [t, users, engines],
  )
}

function tagCell(t: Translate, image: Image) {
  const [first, ...others] = image.tags
  if (first === undefined) return <Badge>{t('images.dangling')}</Badge>
  return (
    <span title={image.tags.join('\n')}>
      <bdi>{first}</bdi>
      {others.length > 0 && <> {t('images.column.moreTags', { count: others.length })}</>}
    </span>
  )
}
