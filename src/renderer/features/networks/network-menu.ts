import type { Container, Network } from '../../../shared/model'
import { act } from '../../api'
import type { Translate } from '../../i18n'
import { copyText } from '../../objects/copy-text'
import type { MenuItem } from '../../ui'
import type { NetworkDialog } from './NetworkDialogs'

interface MenuActions {
  readonly onDialog: (dialog: NetworkDialog) => void
  readonly onOpen: (network: Network) => void
  /** The containers that are connected. */
  readonly users: (network: Network) => readonly Container[]
}

export function networkMenu(
  t: Translate,
  chosen: readonly Network[],
  actions: MenuActions,
): readonly MenuItem[] {
  const [network] = chosen
  if (!network) return []
  const removable = chosen.filter((one) => !one.isPredefined)
  const remove: MenuItem = {
    verb: 'remove',
    label:
      removable.length > 1 ? t('objects.removeManyAsk', { count: removable.length }) : t('objects.removeAsk'),
    danger: true,
    disabled: removable.length === 0,
    shortcut: 'Del',
    onSelect: () => actions.onDialog({ kind: 'remove', networks: removable }),
  }
  if (chosen.length > 1) return [remove]
  return [
    {
      verb: 'open',
      label: t('objects.inspect'),
      shortcut: 'Enter',
      onSelect: () => actions.onOpen(network),
    },
    {
      verb: 'connect',
      label: t('networks.connect'),
      disabled: !canConnect(network),
      onSelect: () => actions.onDialog({ kind: 'connect', network }),
    },
    ...disconnectItems(t, network, actions.users(network)),
    { verb: 'copyName', label: t('objects.copyName'), onSelect: () => void copyText(network.name) },
    { verb: 'copyId', label: t('objects.copyId'), onSelect: () => void copyText(network.id) },
    'separator',
    remove,
  ]
}

/** Containers join these two only as they are made. */
export const canConnect = ({ name }: Pick<Network, 'name'>): boolean => name !== 'host' && name !== 'none'

export const disconnect = (network: Network, container: Container): void =>
  void act('networks.disconnect', { engine: network.engine, id: network.id, container: container.id })

function disconnectItems(t: Translate, network: Network, users: readonly Container[]): readonly MenuItem[] {
  if (users.length === 0 || !canConnect(network)) return []
  const items = users.map((one) => ({ label: one.name, onSelect: () => disconnect(network, one) }))
  return [{ verb: 'disconnect', label: t('networks.disconnect'), items }]
}
