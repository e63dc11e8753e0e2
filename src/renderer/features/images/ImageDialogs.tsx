import type { ReactNode } from 'react'
import { useState } from 'react'
import type { Image } from '../../../shared/model'
import { act, call, useCall } from '../../api'
import { useT } from '../../i18n'
import { isUp } from '../../objects/container-words'
import { useEngineChoice, useListEngine } from '../../objects/EngineChoice'
import { PruneDialog } from '../../objects/PruneDialog'
import { refusalOf } from '../../objects/refusal'
import { RemoveObjects } from '../../objects/RemoveObjects'
import { Checkbox, ConfirmDialog, TextField } from '../../ui'
import { PullDialog } from './PullDialog'
import { useReferenceError } from './reference-words'
import { nameOf, useUsers } from './users'

export type ImageDialog =
  | { readonly kind: 'pull'; readonly reference: string }
  | { readonly kind: 'tag'; readonly image: Image }
  | { readonly kind: 'remove'; readonly images: readonly Image[] }
  | { readonly kind: 'prune' }

export function ImageDialogs({
  dialog,
  onClose,
}: {
  readonly dialog: ImageDialog | undefined
  readonly onClose: () => void
}): ReactNode {
  switch (dialog?.kind) {
    case undefined:
      return null
    case 'pull':
      // Asked for with another reference, it begins with that one.
      return <PullDialog key={dialog.reference} reference={dialog.reference} onClose={onClose} />
    case 'tag':
      return <TagDialog image={dialog.image} onClose={onClose} />
    case 'remove':
      return <RemoveDialog images={dialog.images} onClose={onClose} />
    case 'prune':
      return <PruneImages onClose={onClose} />
  }
}

function TagDialog({ image, onClose }: { readonly image: Image; readonly onClose: () => void }): ReactNode {
  const t = useT()
  const [reference, setReference] = useState(image.tags[0] ?? '')
  const error = useReferenceError(reference)
  const isSame = image.tags.includes(reference)
  return (
    <ConfirmDialog
      title={t('images.tagDialog.title', { name: nameOf(image) })}
      open
      onClose={onClose}
      confirmLabel={t('images.tagDialog.confirm')}
      disabled={reference === '' || error !== undefined || isSame}
      onConfirm={(signal) =>
        refusalOf(call('images.tag', { engine: image.engine, id: image.id, reference }, signal), signal)
      }
    >
      <TextField
        label={t('images.tagDialog.reference')}
        mono
        autoFocus
        value={reference}
        error={error}
        onChange={(text) => setReference(text.trim())}
      />
    </ConfirmDialog>
  )
}

function RemoveDialog({
  images,
  onClose,
}: {
  readonly images: readonly Image[]
  readonly onClose: () => void
}): ReactNode {
  const t = useT()
  const users = useUsers()
  const [force, setForce] = useState(false)
  return (
    <RemoveObjects
      title={(count) => t('images.removeDialog.title', { count })}
      rows={images}
      nameOf={nameOf}
      markOf={({ tags }) =>
        tags.length > 1 && (
          <span className="dim">{t('images.removeDialog.tags', { tags: tags.join(', ') })}</span>
        )
      }
      onRemove={({ engine, id }) => void act('images.remove', { engine, id, force })}
      onClose={onClose}
      // Force takes an image from under containers that have ended, never from one that runs.
      holdersOf={(image) => users(image).filter((one) => !force || isUp(one))}
      heldText={t('images.removeDialog.held')}
    >
      <Checkbox label={t('images.removeDialog.force')} checked={force} onChange={setForce} />
    </RemoveObjects>
  )
}

function PruneImages({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useT()
  const { engine, choice } = useEngineChoice(useListEngine('images'))
  const [all, setAll] = useState(false)
  const plan = useCall('images.prunePlan', engine ? { engine: engine.id, all } : null)
  return (
    <PruneDialog
      title={t('images.prune.title')}
      text={t('images.prune.text')}
      plan={engine && plan}
      choices={
        <>
          {choice}
          <Checkbox label={t('images.prune.all')} checked={all} onChange={setAll} />
        </>
      }
      open
      onClose={onClose}
      onConfirm={(ids) => engine && void act('images.prune', { engine: engine.id, ids })}
    />
  )
}
