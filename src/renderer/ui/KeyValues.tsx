import type { ReactNode } from 'react'
import './key-values.css'

export interface KeyValuesProps {
  readonly rows: readonly { readonly key: string; readonly value: ReactNode }[]
}

/** Facts in two columns. Keys may repeat. */
export function KeyValues({ rows }: KeyValuesProps): ReactNode {
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
