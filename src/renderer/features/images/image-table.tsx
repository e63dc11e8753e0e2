import { useMemo } from 'react'
import type { Container, Image } from '../../../shared/model'
import { shortId } from '../../../shared/model'
import { act } from '../../api'
import { saveImage } from './image-actions'
import type { Translate } from '../../i18n'
import { useT } from '../../i18n'
import { formatBytes } from '../../i18n/format'
import { ageColumn, engineColumn } from '../../objects/columns'
import { copyText } from '../../objects/copy-text'
import { UsedByCell } from '../../objects/UsedBy'
import { useEngines } from '../../store/inventory'
import type { Column, MenuItem } from '../../ui'
import { Badge } from '../../ui'
import type { ImageDialog } from './ImageDialogs'
import { nameOf } from './users'

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

interface MenuActions {
  readonly onDialog: (dialog: ImageDialog) => void
  readonly onOpen: (image: Image) => void
  readonly onRun: (image: Image) => void
  /** Without the second it is asked for. */
  readonly onCompare: (before: Image, after?: Image) => void
}

export function imageMenu(t: Translate, chosen: readonly Image[], actions: MenuActions): readonly MenuItem[] {
  const [image] = chosen
  if (!image) return []
  const remove: MenuItem = {
    label: chosen.length > 1 ? t('objects.removeManyAsk', { count: chosen.length }) : t('objects.removeAsk'),
    danger: true,
    shortcut: 'Del',
    onSelect: () => actions.onDialog({ kind: 'remove', images: chosen }),
  }
  const save: MenuItem = { label: t('images.save'), onSelect: () => void saveImage(chosen) }
  const [, second, third] = chosen
  const compare: MenuItem = {
    label: second ? t('layers.compare.actionTwo') : t('layers.compare.action'),
    onSelect: () => actions.onCompare(image, second),
  }
  if (second) return [...(third ? [] : [compare]), save, 'separator', remove]
  const untag: MenuItem[] =
    image.tags.length > 1
      ? [
          {
            label: t('images.untag'),
            items: image.tags.map((tag) => ({
              label: tag,
              onSelect: () => void act('images.untag', { engine: image.engine, reference: tag }),
            })),
          },
        ]
      : []
  return [
    { label: t('objects.inspect'), shortcut: 'Enter', onSelect: () => actions.onOpen(image) },
    { label: t('images.run'), onSelect: () => actions.onRun(image) },
    compare,
    'separator',
    { label: t('images.tag'), onSelect: () => actions.onDialog({ kind: 'tag', image }) },
    ...untag,
    save,
    'separator',
    { label: t('objects.copyName'), onSelect: () => void copyText(nameOf(image)) },
    { label: t('objects.copyId'), onSelect: () => void copyText(image.id) },
    'separator',
    remove,
  ]
}
