import type { ReactNode } from 'react'
import type { Container, EngineId } from '../../shared/model'
import { useT } from '../i18n'
import { useEngines } from '../store/inventory'
import { useIsMissing } from './MissingLists'
import type { ListFilter } from './ObjectList'
import './objects.css'

export const containerHref = (one: Pick<Container, 'engine' | 'id'>): string =>
  `#/containers/${encodeURIComponent(one.engine)}/${encodeURIComponent(one.id)}`

interface Users {
  /** Of what is used: without its list of containers nobody knows. */
  readonly engine: EngineId
  readonly containers: readonly Container[]
}

/** What is in use, and what is not. Where an engine has not given its list of containers, what it holds is neither. */
export function useFiltersByUse<T extends { readonly engine: EngineId }>(
  users: (row: T) => readonly Container[],
): readonly [used: ListFilter<T>, unused: ListFilter<T>] {
  const t = useT()
  const unknown = new Set(useEngines().flatMap(({ id, missing }) => (missing?.containers ? [id] : [])))
  const isUnused = (row: T): boolean => !unknown.has(row.engine) && users(row).length === 0
  return [
    { value: 'used', label: t('objects.inUse'), keep: (row) => users(row).length > 0, isByUse: true },
    { value: 'unused', label: t('objects.notInUse'), keep: isUnused, isByUse: true },
  ]
}

/** In a cell: the first name and how many more. */
export function UsedByCell({ engine, containers }: Users): ReactNode {
  const t = useT()
  const isUnknown = useIsMissing('containers', engine)
  const [first] = containers
  if (!first && isUnknown) return <span title={t('objects.usersUnknown')}>—</span>
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

interface UsedByListProps extends Users {
  readonly none: string
  readonly detail?: (one: Container) => ReactNode
}

/** On a page: each container with its state, as links. */
export function UsedByList({ engine, containers, none, detail }: UsedByListProps): ReactNode {
  const t = useT()
  const isUnknown = useIsMissing('containers', engine)
  if (containers.length === 0)
    return <p className="used-by__none">{isUnknown ? t('objects.usersUnknown') : none}</p>
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
