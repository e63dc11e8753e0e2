import { SearchX } from 'lucide-react'
import type { ReactNode } from 'react'
import { useT } from '../i18n'
import { useEngines } from '../store/inventory'
import { Button, EmptyState, SearchField, Select, Toolbar } from '../ui'
import type { ListState } from './use-list'

interface FilterBarProps<F extends string> {
  readonly list: ListState<F>
  readonly filters: readonly { readonly value: F; readonly label: string }[]
  readonly children?: ReactNode
}

/** Search, filter and engine above a list, then the list's own buttons. */
export function FilterBar<F extends string>({ list, filters, children }: FilterBarProps<F>): ReactNode {
  const t = useT()
  const engines = useEngines()
  return (
    <Toolbar label={t('objects.filter')}>
      <SearchField label={t('objects.search')} value={list.text} onChange={list.setText} />
      <Select
        label={t('objects.filter')}
        hideLabel
        value={list.filter}
        options={filters}
        onChange={list.setFilter}
      />
      {engines.length > 1 && (
        <Select
          label={t('objects.engine')}
          hideLabel
          value={list.engine}
          options={[
            { value: '', label: t('objects.allEngines') },
            ...engines.map((engine) => ({ value: engine.id, label: engine.name })),
          ]}
          onChange={list.setEngine}
        />
      )}
      {children}
    </Toolbar>
  )
}

/** In place of rows: nothing matches, or nothing is there at all. */
export function ListEmpty<F extends string>({
  list,
  none,
}: {
  readonly list: ListState<F>
  readonly none: ReactNode
}): ReactNode {
  const t = useT()
  if (!list.isFiltered) return none
  return (
    <EmptyState
      icon={<SearchX aria-hidden="true" />}
      title={t('objects.nothingMatches')}
      text={t('objects.nothingMatchesText')}
      action={<Button onClick={list.clear}>{t('objects.clearFilter')}</Button>}
    />
  )
}
