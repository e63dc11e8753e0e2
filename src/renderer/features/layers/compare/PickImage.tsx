import { GitCompareArrows } from 'lucide-react'
import { useMemo, useState, type ReactNode } from 'react'
import { keyOf, shortId, type Image, type ObjectRef } from '../../../../shared/model'
import { useT } from '../../../i18n'
import { formatAge, formatBytes } from '../../../i18n/format'
import { useEngines, useRows } from '../../../store/inventory'
import { DataTable, EmptyState, SearchField, Toolbar, type Column } from '../../../ui'

interface PickImageProps {
  readonly not: ObjectRef
  readonly onPick: (image: Image) => void
}

/** Which image to compare with: those of the same repository come first, then the newest. */
export function PickImage({ not, onPick }: PickImageProps): ReactNode {
  const t = useT()
  const images = useRows('images')
  const [text, setText] = useState('')
  const rows = useMemo(() => offered(images, not, text), [images, not, text])
  const columns = useColumns(onPick)
  return (
    <>
      <Toolbar label={t('layers.compare.pick')}>
        <span>{t('layers.compare.pick')}</span>
        <SearchField label={t('layers.compare.search')} value={text} onChange={setText} autoFocus />
      </Toolbar>
      <DataTable
        label={t('layers.compare.pick')}
        rows={rows}
        rowKey={keyOf}
        columns={columns}
        onOpen={onPick}
        nameOf={(image) => image.tags[0] ?? image.id}
        empty={
          <EmptyState
            icon={<GitCompareArrows />}
            title={t('layers.compare.none')}
            text={t('layers.compare.noneText')}
          />
        }
      />
    </>
  )
}

function useColumns(onPick: (image: Image) => void): readonly Column<Image>[] {
  const t = useT()
  const engines = useEngines()
  return [
    {
      id: 'tag',
      header: t('images.column.tag'),
      width: 360,
      render: (image) => (
        <button type="button" className="layers-link" onClick={() => onPick(image)}>
          <bdi>{image.tags[0] ?? t('images.dangling')}</bdi>
        </button>
      ),
    },
    {
      id: 'id',
      header: t('images.column.id'),
      width: 130,
      render: (image) => <code>{shortId(image.id)}</code>,
    },
    {
      id: 'size',
      header: t('objects.size'),
      width: 90,
      align: 'end',
      render: (image) => formatBytes(image.sizeBytes),
    },
    { id: 'age', header: t('objects.created'), width: 120, render: (image) => formatAge(image.createdAtMs) },
    {
      id: 'engine',
      header: t('objects.engine'),
      width: 140,
      render: (image) => <bdi>{engines.find(({ id }) => id === image.engine)?.name ?? image.engine}</bdi>,
    },
  ]
}

const repositoryOf = (image: Image | undefined): string => image?.tags[0]?.replace(/:[^:/]*$/, '') ?? ''

function offered(images: readonly Image[], not: ObjectRef, text: string): readonly Image[] {
  const self = images.find((one) => one.engine === not.engine && one.id === not.id)
  const repository = repositoryOf(self)
  const word = text.trim().toLowerCase()
  const isNear = (image: Image): boolean => repository !== '' && repositoryOf(image) === repository
  return images
    .filter((one) => one !== self && [...one.tags, one.id].join('\n').toLowerCase().includes(word))
    .sort((a, b) => Number(isNear(b)) - Number(isNear(a)) || b.createdAtMs - a.createdAtMs)
}
