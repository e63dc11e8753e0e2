import type { ReactNode } from 'react'
import { keyOf, type Container, type ObjectRef } from '../../shared/model'
import { useT } from '../i18n'
import { ConfirmDialog } from '../ui'
import { GoingList } from './GoingList'
import { namesOf } from './UsedBy'

interface RemoveObjectsProps<T> {
  /** Of so many that go. */
  readonly title: (count: number) => string
  readonly rows: readonly T[]
  readonly nameOf: (row: T) => string
  /** What a person should know of it besides its name. */
  readonly markOf?: ((row: T) => ReactNode) | undefined
  readonly onRemove: (row: T) => void
  readonly onClose: () => void
  /** For whose sake the engine would refuse: what has any stays. */
  readonly holdersOf: (row: T) => readonly Container[]
  /** How what stays can be made to go. */
  readonly heldText: string
  /** Of what goes. */
  readonly text?: string
  /** Choices of how. */
  readonly children?: ReactNode
}

/** Names what goes before it goes, and what stays, and for whose sake. */
export function RemoveObjects<T extends ObjectRef>(props: RemoveObjectsProps<T>): ReactNode {
  const t = useT()
  const { rows, nameOf, markOf, holdersOf } = props
  const going = rows.filter((row) => holdersOf(row).length === 0)
  const staying = rows.filter((row) => holdersOf(row).length > 0)
  // Where all of them stay, the words are of what was asked for, and nothing can be confirmed.
  const count = going.length || rows.length
  return (
    <ConfirmDialog
      title={props.title(count)}
      open
      onClose={props.onClose}
      danger
      disabled={going.length === 0}
      confirmLabel={count > 1 ? t('objects.removeMany', { count }) : t('objects.remove')}
      onConfirm={() => going.forEach(props.onRemove)}
    >
      {going.length > 0 && (
        <>
          <GoingList rows={going} rowKey={keyOf} nameOf={nameOf} markOf={markOf} />
          {props.text !== undefined && <p>{props.text}</p>}
        </>
      )}
      {staying.length > 0 && (
        <div role="status">
          <p>{t('objects.staying', { count: staying.length })}</p>
          <GoingList
            rows={staying}
            rowKey={keyOf}
            nameOf={nameOf}
            markOf={(row) => (
              <span className="dim">{t('objects.heldBy', { names: namesOf(holdersOf(row)) })}</span>
            )}
          />
          <p className="dim">{props.heldText}</p>
        </div>
      )}
      {props.children}
    </ConfirmDialog>
  )
}
