import type { ReactNode } from 'react'
import { useT } from '../i18n'
import './objects.css'

interface GoingListProps<T> {
  readonly rows: readonly T[]
  readonly rowKey: (row: T) => string
  readonly nameOf: (row: T) => string
  readonly markOf?: ((row: T) => ReactNode) | undefined
}

/** More names nobody reads; the rest is counted. */
const shownNames = 50

/** The names of what a dialog is about to remove. */
export function GoingList<T>({ rows, rowKey, nameOf, markOf }: GoingListProps<T>): ReactNode {
  const t = useT()
  const more = rows.length - shownNames
  return (
    <ul className="going-list">
      {rows.slice(0, shownNames).map((row) => (
        <li key={rowKey(row)}>
          <bdi title={nameOf(row)}>{nameOf(row)}</bdi>
          {markOf?.(row)}
        </li>
      ))}
      {more > 0 && <li>{t('objects.moreNames', { count: more })}</li>}
    </ul>
  )
}
