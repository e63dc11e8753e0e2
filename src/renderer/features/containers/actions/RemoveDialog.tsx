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
      title={t('containers.remove.title', { count: containers.length })}
      open
      danger
      disabled={going.length === 0}
      confirmLabel={t('containers.remove.confirm', { count: going.length })}
      onConfirm={remove}
      onClose={onClose}
    >
      <GoingList
        rows={containers}
        rowKey={keyOf}
        nameOf={({ name }) => name}
        markOf={(one) => needsForce(one) && <Badge tone="warn">{t('containers.remove.runningMark')}</Badge>}
        isKept={(one) => needsForce(one) && !force}
      />
      <p>{t('containers.remove.text', { count: containers.length })}</p>
      {running.length > 0 && (
        <Checkbox
          label={t('containers.remove.force', { count: containers.length })}
          checked={force}
          onChange={setForce}
          hint={
            force
              ? t('containers.remove.running', { count: running.length })
              : t('containers.remove.kept', { count: running.length })
          }
        />
      )}
      {anonymous > 0 ? (
        <Checkbox
          label={t('containers.remove.volumes')}
          checked={volumes}
          onChange={setVolumes}
          hint={t('containers.remove.volumesHint', { count: anonymous })}
        />
      ) : (
        <p className="containers__hint">{t('containers.remove.noVolumes', { count: containers.length })}</p>
      )}
    </ConfirmDialog>
  )
}

/** As they are now, without those that went meanwhile: a dialog may stay open for long. */
function useNow(asked: readonly Container[]): readonly Container[] {
  const rows = useRows('containers')
  return asked.flatMap((one) => rows.find((row) => row.id === one.id && row.engine === one.engine) ?? [])
}
