import type { ReactNode } from 'react'
import './key-values.css'

export interface KeyValuesProps {
  readonly rows: readonly { readonly key: string; readonly value: ReactNode }[]
  /** Stands in their place where there are none. */
  readonly none?: string
}

/** Facts in two columns. Keys may repeat. */
export function KeyValues({ rows, none }: KeyValuesProps): ReactNode {
  if (none !== undefined && rows.length === 0) return <p className="dim">{none}</p>
  return (
    <dl className="key-values">
      {rows.map((row, index) => (
        <div key={`${index} ${row.key}`} className="key-values__row">
          <dt className="key-values__key">
            <bdi title={row.key}>{row.key}</bdi>
          </dt>
          <dd className="key-values__value">
            {typeof row.value === 'string' ? <bdi>{row.value}</bdi> : row.value}
          </dd>
        </div>
      ))}
    </dl>
  )
}
