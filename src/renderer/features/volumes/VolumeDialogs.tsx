import type { ReactNode } from 'react'
import { useState } from 'react'
import type { EngineId, Volume } from '../../../shared/model'
import { act, call, useCall } from '../../api'
import { useT } from '../../i18n'
import { PairsField, recordOf, type Pair } from '../../objects/PairsField'
import { useEngineChoice, useListEngine } from '../../objects/EngineChoice'
import { PruneDialog } from '../../objects/PruneDialog'
import { refusalOf } from '../../objects/refusal'
import { RemoveObjects } from '../../objects/RemoveObjects'
import { useRows } from '../../store/inventory'
import { Checkbox, ConfirmDialog, TextField } from '../../ui'
import { useVolumeUsers } from './users'

export type VolumeDialog =
  | { readonly kind: 'create' }
  | { readonly kind: 'remove'; readonly volumes: readonly Volume[] }
  | { readonly kind: 'prune' }

export function VolumeDialogs({
  dialog,
  onClose,
}: {
  readonly dialog: VolumeDialog | undefined
  readonly onClose: () => void
}): ReactNode {
  switch (dialog?.kind) {
    case undefined:
      return null
    case 'create':
      return <CreateDialog onClose={onClose} />
    case 'remove':
      return <RemoveDialog volumes={dialog.volumes} onClose={onClose} />
    case 'prune':
      return <PruneVolumes onClose={onClose} />
  }
}

function CreateDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useT()
  const { engine, choice } = useEngineChoice(useListEngine('volumes'))
  const [name, setName] = useState('')
  const [driver, setDriver] = useState('local')
  const [options, setOptions] = useState<readonly Pair[]>([])
  const [labels, setLabels] = useState<readonly Pair[]>([])
  const isTaken = useRows('volumes').some((volume) => volume.engine === engine?.id && volume.id === name)
  const isName = name === '' || /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name)
  const error = isTaken
    ? t('volumes.createDialog.taken')
    : isName
      ? undefined
      : t('volumes.createDialog.badName')
  const create = (on: EngineId, signal: AbortSignal): Promise<unknown> => {
    const given = { options: recordOf(options), labels: recordOf(labels) }
    return call('volumes.create', { engine: on, name, driver: driver || 'local', ...given }, signal)
  }
  return (
    <ConfirmDialog
      title={t('volumes.createDialog.title')}
      open
      onClose={onClose}
      confirmLabel={t('objects.create')}
      disabled={!engine || error !== undefined}
      onConfirm={async (signal) => engine && refusalOf(create(engine.id, signal), signal)}
    >
      <div className="object-form">
        {choice}
        <TextField
          label={t('volumes.createDialog.name')}
          mono
          autoFocus
          value={name}
          error={error}
          hint={t('volumes.createDialog.nameHint')}
          onChange={setName}
        />
        <TextField label={t('volumes.createDialog.driver')} mono value={driver} onChange={setDriver} />
        <PairsField label={t('volumes.createDialog.options')} pairs={options} onChange={setOptions} />
        <PairsField label={t('volumes.createDialog.labels')} pairs={labels} onChange={setLabels} />
      </div>
    </ConfirmDialog>
  )
}

function RemoveDialog({
  volumes,
  onClose,
}: {
  readonly volumes: readonly Volume[]
  readonly onClose: () => void
}): ReactNode {
  const t = useT()
  const users = useVolumeUsers()
  return (
    <RemoveObjects
      title={(count) => t('volumes.removeDialog.title', { count })}
      rows={volumes}
      nameOf={({ id }) => id}
      onRemove={({ engine, id }) => void act('volumes.remove', { engine, id })}
      onClose={onClose}
      holdersOf={users}
      heldText={t('volumes.removeDialog.held')}
      text={t('volumes.removeDialog.text')}
    />
  )
}

function PruneVolumes({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useT()
  const { engine, choice } = useEngineChoice(useListEngine('volumes'))
  const [all, setAll] = useState(false)
  const plan = useCall('volumes.prunePlan', engine ? { engine: engine.id, all } : null)
  return (
    <PruneDialog
      title={t('volumes.prune.title')}
      text={t('volumes.prune.text')}
      plan={engine && plan}
      choices={
        <>
          {choice}
          <Checkbox label={t('volumes.prune.all')} checked={all} onChange={setAll} />
        </>
      }
      open
      onClose={onClose}
      onConfirm={(ids) => engine && void act('volumes.prune', { engine: engine.id, ids })}
    />
  )
}
