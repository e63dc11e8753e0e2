import type { ReactNode } from 'react'
import { useState } from 'react'
import type { Engine } from '../../../shared/model'
import { useCall } from '../../api'
import { useT } from '../../i18n'
import { useEngineChoice, useListEngine } from '../../objects/EngineChoice'
import { pullImage } from '../../objects/pull-image'
import { useRows } from '../../store/inventory'
import { Button, Combobox, Dialog, TextField } from '../../ui'
import { useReferenceError } from './reference-words'

interface PullDialogProps {
  readonly reference: string
  readonly onClose: () => void
}

/** Asks for a reference; the pull itself goes on as a task that can be watched and cancelled. */
export function PullDialog({ reference: first, onClose }: PullDialogProps): ReactNode {
  const t = useT()
  const { engine, choice } = useEngineChoice(useListEngine('images'))
  const [reference, setReference] = useState(first)
  const [platform, setPlatform] = useState('')
  const error = useReferenceError(reference)
  const isReady = engine !== undefined && error === undefined && reference !== ''
  const pull = (): void => {
    if (!isReady) return
    void pullImage({ engine: engine.id, reference, platform })
    onClose()
  }
  return (
    <Dialog
      title={t('images.pullDialog.title')}
      open
      onClose={onClose}
      footer={<Buttons isReady={isReady} onClose={onClose} onPull={pull} />}
    >
      <form
        className="object-form"
        onSubmit={(event) => {
          event.preventDefault()
          pull()
        }}
      >
        {choice}
        <ReferenceField value={reference} error={error} onChange={setReference} />
        {engine?.features.platform === true && (
          <TextField
            label={t('images.pullDialog.platform')}
            mono
            value={platform}
            placeholder="linux/arm64"
            hint={t('images.pullDialog.platformHint')}
            onChange={setPlatform}
          />
        )}
        {engine && <Logins engine={engine} />}
        <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
      </form>
    </Dialog>
  )
}

function Buttons({
  isReady,
  onClose,
  onPull,
}: {
  readonly isReady: boolean
  readonly onClose: () => void
  readonly onPull: () => void
}): ReactNode {
  const t = useT()
  return (
    <>
      <Button onClick={onClose}>{t('objects.cancel')}</Button>
      <Button variant="primary" disabled={!isReady} onClick={onPull}>
        {t('images.pullDialog.confirm')}
      </Button>
    </>
  )
}

interface ReferenceFieldProps {
  readonly value: string
  readonly error: string | undefined
  readonly onChange: (text: string) => void
}

function ReferenceField({ value, error, onChange }: ReferenceFieldProps): ReactNode {
  const t = useT()
  const tags = useRows('images').flatMap((image) => image.tags)
  return (
    <Combobox
      label={t('images.pullDialog.reference')}
      mono
      autoFocus
      value={value}
      suggestions={[...new Set(tags)]}
      error={error}
      hint={t('images.pullDialog.hint')}
      onChange={(text) => onChange(text.trim())}
    />
  )
}

/** Which registries docker's own configuration can log in to. */
function Logins({ engine }: { readonly engine: Engine }): ReactNode {
  const t = useT()
  const logins = useCall('registries.list', { engine: engine.id })
  if (logins.state !== 'ready') return null
  const { registries } = logins.value
  return (
    <p className="used-by__none">
      {registries.length === 0
        ? t('images.pullDialog.loginNone')
        : t('images.pullDialog.login', { count: registries.length, names: registries.join(', ') })}
    </p>
  )
}
