import type { ReactNode } from 'react'
import type { Container } from '../../shared/model'
import { useT } from '../i18n'
import './objects.css'

export const containerHref = (one: Pick<Container, 'engine' | 'id'>): string =>
  `#/containers/${encodeURIComponent(one.engine)}/${encodeURIComponent(one.id)}`

/** In a cell: the first name and how many more. */
export function UsedByCell({ containers }: { readonly containers: readonly Container[] }): ReactNode {
  const t = useT()
  const [first] = containers
  if (!first) return <span className="used-by__none">{t('objects.unused')}</span>
  const names = containers.map((one) => one.name).join(', ')
  return (
    <span title={names}>
      {containers.length === 1 ? (
        <bdi>{first.name}</bdi>
      ) : (
        t('objects.containers', { count: containers.length })
      )}
    </span>
  )
}

/** On a page: each container with its state, as links. */
export function UsedByList({
  containers,
  none,
  detail,
}: {
  readonly containers: readonly Container[]
  readonly none: string
  readonly detail?: (one: Container) => ReactNode
}): ReactNode {
  if (containers.length === 0) return <p className="used-by__none">{none}</p>
  return (
    <ul className="used-by">
      {containers.map((one) => (
        <li key={`${one.engine}/${one.id}`} className="used-by__line">
          <a href={containerHref(one)}>
            <bdi>{one.name}</bdi>
          </a>
          <span className="used-by__status">
            <bdi>{one.status}</bdi>
          </span>
          {detail?.(one)}
        </li>
      ))}
    </ul>
  )
}

/** Names for a sentence, cut after five. */
export const namesOf = (containers: readonly Container[]): string => {
  const names = containers.slice(0, 5).map((one) => one.name)
  return containers.length > 5 ? `${names.join(', ')} +${containers.length - 5}` : names.join(', ')
}
