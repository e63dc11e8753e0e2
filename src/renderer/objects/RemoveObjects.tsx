import type { ReactNode } from 'react'
import { keyOf, type ObjectRef } from '../../shared/model'
import { useT } from '../i18n'
import { ConfirmDialog } from '../ui'
import { GoingList } from './GoingList'

interface RemoveObjectsProps<T> {
  readonly title: string
  readonly rows: readonly T[]
  readonly nameOf: (row: T) => string
  /** What a person should know of it besides its name. */
  readonly markOf?: ((row: T) => ReactNode) | undefined
  readonly onRemove: (row: T) => void
  readonly onClose: () => void
  /** The engine would refuse: `children` say why. */
  readonly isHeld?: boolean
  readonly children?: ReactNode
}

/** Names what goes before it goes. */
export function RemoveObjects<T extends ObjectRef>(props: RemoveObjectsProps<T>): ReactNode {
  const t = useT()
  const { rows } = props
  return (
    <ConfirmDialog
      title={props.title}
      open
      onClose={props.onClose}
      danger
      disabled={props.isHeld}
      confirmLabel={rows.length > 1 ? t('objects.removeMany', { count: rows.length }) : t('objects.remove')}
      onConfirm={() => rows.forEach(props.onRemove)}
    >
      <GoingList rows={rows} rowKey={keyOf} nameOf={props.nameOf} markOf={props.markOf} />
      {props.children}
    </ConfirmDialog>
  )
}
