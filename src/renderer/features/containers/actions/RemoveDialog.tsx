import { useState, type ReactNode } from 'react'
import { keyOf, type Container } from '../../../../shared/model'
import { act } from '../../../api/act'
import { useT } from '../../../i18n'
import { GoingList } from '../../../objects/GoingList'
import { useRows } from '../../../store/inventory'
import { Badge, Checkbox, ConfirmDialog } from '../../../ui'
import { anonymousVolumes, needsForce } from './offered'

interface RemoveDialogProps {
  readonly containers: readonly Container[]
  readonly onClose: () => void
}

/** Names what goes. What runs goes only by force, anonymous volumes only by choice. */
export function RemoveDialog({ containers: asked, onClose }: RemoveDialogProps): ReactNode {
  const t = useT()
  const containers = useNow(asked)
  const [force, setForce] = useState(() => asked.every(needsForce))
  const [volumes, setVolumes] = useState(false)
  const running = containers.filter(needsForce)
  const going = force ? containers : containers.filter((one) => !needsForce(one))
  const staying = force ? [] : running
  // Where all of them stay, the words are of what was asked for, and nothing can be confirmed.
  const count = going.length || containers.length
  const anonymous = new Set(going.flatMap(anonymousVolumes)).size
  const remove = (): void => {
    for (const one of going)
      void act('containers.remove', {
        engine: one.engine,
        id: one.id,
        force: force && needsForce(one),
        volumes,
      })
  }
  return (
    <ConfirmDialog
      title={t('containers.remove.title', { count })}
      open
      danger
      disabled={going.length === 0}
      confirmLabel={t('containers.remove.confirm', { count })}
      onConfirm={remove}
      onClose={onClose}
    >
      {going.length > 0 && (
        <>
          <Names containers={going} />
          <p>{t('containers.remove.text', { count })}</p>
        </>
      )}
      {staying.length > 0 && (
        <>
          <p>{t('containers.remove.staying', { count: staying.length })}</p>
          <Names containers={staying} />
        </>
      )}
      {running.length > 0 && (
        <Checkbox
          label={t('containers.remove.force', { count: containers.length })}
          checked={force}
          onChange={setForce}
          hint={force ? t('containers.remove.running', { count: running.length }) : undefined}
        />
      )}
      {going.length > 0 && (
        <VolumesChoice anonymous={anonymous} count={count} checked={volumes} onChange={setVolumes} />
      )}
    </ConfirmDialog>
  )
}

function Names({ containers }: Pick<RemoveDialogProps, 'containers'>): ReactNode {
  const t = useT()
  return (
    <GoingList
      rows={containers}
      rowKey={keyOf}
      nameOf={({ name }) => name}
      markOf={(one) => needsForce(one) && <Badge tone="warn">{t('containers.remove.runningMark')}</Badge>}
    />
  )
}

interface VolumesChoiceProps {
  /** How many anonymous volumes there are. */
  readonly anonymous: number
  /** Of the containers that go. */
  readonly count: number
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
}

function VolumesChoice({ anonymous, count, checked, onChange }: VolumesChoiceProps): ReactNode {
  const t = useT()
  if (anonymous === 0) return <p className="dim">{t('containers.remove.noVolumes', { count })}</p>
  return (
    <Checkbox
      label={t('containers.remove.volumes', { count })}
      checked={checked}
      onChange={onChange}
      hint={t('containers.remove.volumesHint', { count: anonymous })}
    />
  )
}

/** As they are now, without those that went meanwhile: a dialog may stay open for long. */
function useNow(asked: readonly Container[]): readonly Container[] {
  const rows = useRows('containers')
  return asked.flatMap((one) => rows.find((row) => row.id === one.id && row.engine === one.engine) ?? [])
}
