import type { Volume } from '../../../shared/model'
import type { Translate } from '../../i18n'
import { copyText } from '../../objects/copy-text'
import type { MenuItem } from '../../ui'
import type { VolumeDialog } from './VolumeDialogs'

export function volumeMenu(
  t: Translate,
  chosen: readonly Volume[],
  actions: { readonly onDialog: (dialog: VolumeDialog) => void; readonly onOpen: (volume: Volume) => void },
): readonly MenuItem[] {
  const [volume] = chosen
  if (!volume) return []
  const remove: MenuItem = {
    verb: 'remove',
    label: chosen.length > 1 ? t('objects.removeManyAsk', { count: chosen.length }) : t('objects.removeAsk'),
    danger: true,
    shortcut: 'Del',
    onSelect: () => actions.onDialog({ kind: 'remove', volumes: chosen }),
  }
  if (chosen.length > 1) return [remove]
  return [
    { verb: 'open', label: t('objects.inspect'), shortcut: 'Enter', onSelect: () => actions.onOpen(volume) },
    { verb: 'copyName', label: t('objects.copyName'), onSelect: () => void copyText(volume.id) },
    'separator',
    remove,
  ]
}
