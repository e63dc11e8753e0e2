import { Network as NetworkIcon, Plus } from 'lucide-react'
import type { ReactNode } from 'react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { Network } from '../../../shared/model'
import { useT } from '../../i18n'
import { ObjectList } from '../../objects/ObjectList'
import { useFiltersByUse } from '../../objects/UsedBy'
import { useAsked, type Askable } from '../../objects/use-asked'
import { useRows } from '../../store/inventory'
import { Button, EmptyState } from '../../ui'
import { NetworkDialogs, type NetworkDialog } from './NetworkDialogs'
import { networkMenu } from './network-menu'
import { useNetworkColumns } from './network-table'
import { useNetworkUsers } from './users'

const askable: Askable<NetworkDialog> = { prune: () => ({ kind: 'prune' }), new: () => ({ kind: 'create' }) }

/** All networks of all engines. `?prune` opens the clean-up, `?new` the form for a new one. */
export function NetworksPage(): ReactNode {
  const t = useT()
  const [, navigate] = useLocation()
  const [dialog, setDialog] = useState<NetworkDialog>()
  useAsked(askable, setDialog)
  const networks = useRows('networks')
  const users = useNetworkUsers()
  const byUse = useFiltersByUse(users)
  const columns = useNetworkColumns()
  const open = (network: Network): void =>
    navigate(`/networks/${encodeURIComponent(network.engine)}/${encodeURIComponent(network.id)}`)
  return (
    <>
      <ObjectList
        name="networks"
        title={t('networks.title')}
        count={t('networks.count', { count: networks.length })}
        rows={networks}
        columns={columns}
        defaultSort={{ column: 'name', direction: 'asc' }}
        filters={[{ value: 'all', label: t('objects.all'), keep: () => true }, ...byUse]}
        wordsOf={wordsOf}
        onOpen={open}
        onRemove={(chosen) => setDialog({ kind: 'remove', networks: chosen })}
        removable={removable}
        whyKept={t('networks.predefined')}
        menuFor={(chosen) => networkMenu(t, chosen, { onDialog: setDialog, onOpen: open, users })}
        isDim={(network) => network.isPredefined}
        actions={
          <Button
            variant="primary"
            icon={<Plus aria-hidden="true" />}
            onClick={() => setDialog({ kind: 'create' })}
          >
            {t('networks.create')}
          </Button>
        }
        tools={<Button onClick={() => setDialog({ kind: 'prune' })}>{t('objects.prune')}</Button>}
        none={
          <EmptyState
            icon={<NetworkIcon aria-hidden="true" />}
            title={t('networks.empty.title')}
            text={t('networks.empty.text')}
          />
        }
      />
      <NetworkDialogs dialog={dialog} onClose={() => setDialog(undefined)} />
    </>
  )
}

/** The engine refuses to remove its own. */
const removable = (chosen: readonly Network[]): readonly Network[] =>
  chosen.filter((network) => !network.isPredefined)

const wordsOf = (network: Network): string[] => [
  network.name,
  network.driver,
  network.id,
  ...network.subnets.map((one) => one.subnet),
]
