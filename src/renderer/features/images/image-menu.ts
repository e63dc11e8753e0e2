import type { Image } from '../../../shared/model'
import { act } from '../../api'
import type { Translate } from '../../i18n'
import { copyText } from '../../objects/copy-text'
import type { MenuItem } from '../../ui'
import { saveImage } from './image-actions'
import type { ImageDialog } from './ImageDialogs'
import { nameOf } from './users'

export interface MenuActions {
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
    verb: 'remove',
    label: chosen.length > 1 ? t('objects.removeManyAsk', { count: chosen.length }) : t('objects.removeAsk'),
    danger: true,
    shortcut: 'Del',
    onSelect: () => actions.onDialog({ kind: 'remove', images: chosen }),
  }
  const save: MenuItem = { verb: 'save', label: t('images.save'), onSelect: () => void saveImage(chosen) }
  const [, second, third] = chosen
  const compare: MenuItem = {
    verb: 'compare',
    label: second ? t('layers.compare.actionTwo') : t('layers.compare.action'),
    onSelect: () => actions.onCompare(image, second),
  }
  if (second) return [...(third ? [] : [compare]), save, 'separator', remove]
  const untag: MenuItem[] =
    image.tags.length > 1
      ? [
          {
            verb: 'untag',
            label: t('images.untag'),
            items: image.tags.map((tag) => ({
              label: tag,
              onSelect: () => void act('images.untag', { engine: image.engine, reference: tag }),
            })),
          },
        ]
      : []
  return [
    { verb: 'open', label: t('objects.inspect'), shortcut: 'Enter', onSelect: () => actions.onOpen(image) },
    { verb: 'runImage', label: t('images.run'), onSelect: () => actions.onRun(image) },
    compare,
    'separator',
    { verb: 'tag', label: t('images.tag'), onSelect: () => actions.onDialog({ kind: 'tag', image }) },
    ...untag,
    save,
    'separator',
    { verb: 'copyName', label: t('objects.copyName'), onSelect: () => void copyText(nameOf(image)) },
    { verb: 'copyId', label: t('objects.copyId'), onSelect: () => void copyText(image.id) },
    'separator',
    remove,
  ]
}
