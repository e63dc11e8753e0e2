import type { ReactNode } from 'react'
import { useState } from 'react'
import type { ContainerId, Network } from '../../../shared/model'
import { act, call, useCall } from '../../api'
import { useT } from '../../i18n'
import { isUp } from '../../objects/container-words'
import { useEngineChoice, useListEngine } from '../../objects/EngineChoice'
import { PruneDialog } from '../../objects/PruneDialog'
import { refusalOf } from '../../objects/refusal'
import { RemoveObjects } from '../../objects/RemoveObjects'
import { useRows } from '../../store/inventory'
import { ConfirmDialog, Select, TextField } from '../../ui'
import { CreateNetworkDialog } from './CreateNetworkDialog'
import { useNetworkUsers } from './users'

export type NetworkDialog =
  | { readonly kind: 'create' }
  | { readonly kind: 'remove'; readonly networks: readonly Network[] }
  | { readonly kind: 'connect'; readonly network: Network }
  | { readonly kind: 'prune' }

export function NetworkDialogs({
  dialog,
  onClose,
}: {
  readonly dialog: NetworkDialog | undefined
  readonly onClose: () => void
}): ReactNode {
  switch (dialog?.kind) {
    case undefined:
      return null
    case 'create':
      return <CreateNetworkDialog onClose={onClose} />
    case 'remove':
      return <RemoveDialog networks={dialog.networks} onClose={onClose} />
    case 'connect':
      return <ConnectDialog network={dialog.network} onClose={onClose} />
    case 'prune':
      return <PruneNetworks onClose={onClose} />
  }
}

function RemoveDialog({
  networks,
  onClose,
}: {
  readonly networks: readonly Network[]
  readonly onClose: () => void
}): ReactNode {
  const t = useT()
  const users = useNetworkUsers()
  return (
    <RemoveObjects
      title={(count) => t('networks.removeDialog.title', { count })}
      rows={networks}
      nameOf={({ name }) => name}
      onRemove={({ engine, id }) => void act('networks.remove', { engine, id })}
      onClose={onClose}
      holdersOf={(network) => users(network).filter(isUp)}
      heldText={t('networks.removeDialog.held')}
    />
  )
}

function ConnectDialog({
  network,
  onClose,
}: {
  readonly network: Network
  readonly onClose: () => void
}): ReactNode {
  const t = useT()
  const free = useRows('containers').filter(
    (one) => one.engine === network.engine && !one.networks.some((joined) => joined.name === network.name),
  )
  const [chosen, setChosen] = useState('')
  const [aliases, setAliases] = useState('')
  const container = free.find((one) => one.id === chosen) ?? free[0]
  const connect = (to: ContainerId, signal: AbortSignal): Promise<null> => {
    const names = aliases.split(/\s+/).filter(Boolean)
    const args = { engine: network.engine, id: network.id, container: to, aliases: names }
    return call('networks.connect', args, signal)
  }
  return (
    <ConfirmDialog
      title={t('networks.connectDialog.title', { name: network.name })}
      open
      onClose={onClose}
      disabled={!container}
      confirmLabel={t('networks.connectDialog.confirm')}
      onConfirm={async (signal) => container && refusalOf(connect(container.id, signal), signal)}
    >
      <div className="object-form">
        <Select
          label={t('networks.connectDialog.container')}
          value={(container?.id as string | undefined) ?? ''}
          options={free.map((one) => ({ value: one.id, label: one.name }))}
          onChange={setChosen}
        />
        <TextField
          label={t('networks.connectDialog.aliases')}
          mono
          value={aliases}
          hint={t('networks.connectDialog.aliasesHint')}
          onChange={setAliases}
        />
      </div>
    </ConfirmDialog>
  )
}

function PruneNetworks({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useT()
  const { engine, choice } = useEngineChoice(useListEngine('networks'))
  const plan = useCall('networks.prunePlan', engine ? { engine: engine.id } : null)
  return (
    <PruneDialog
      title={t('networks.prune.title')}
      text={t('networks.prune.text')}
      plan={engine && plan}
      choices={choice}
      open
      onClose={onClose}
      onConfirm={(ids) => engine && void act('networks.prune', { engine: engine.id, ids })}
    />
  )
}
