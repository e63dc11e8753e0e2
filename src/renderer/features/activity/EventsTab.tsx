import { Radio } from 'lucide-react'
import { useMemo, useState, type ReactNode } from 'react'
import type { EngineEvent } from '../../../shared/model'
import { shortId } from '../../../shared/model'
import { useT, type Translate } from '../../i18n'
import { formatTime } from '../../i18n/format'
import { useEvents } from '../../store/activity'
import { useEngineFilter } from '../../store/engine-filter'
import { useEngines } from '../../store/inventory'
import { useUi } from '../../store/ui'
import {
  Button,
  DataTable,
  EmptyState,
  SearchField,
  Select,
  Toolbar,
  type Column,
  type TableLayout,
} from '../../ui'
import { eventRows, matchingEvents, typesOf, type EventRow } from './event-rows'

export function EventsTab(): ReactNode {
  const t = useT()
  const events = useEvents()
  const engine = useEngineFilter()
  const [query, setQuery] = useState('')
  const [type, setType] = useState('all')
  const [layout, setLayout] = useUi<TableLayout>('activity.events', {})
  const rows = useMemo(
    () => eventRows(matchingEvents(events, { query, type, engine })),
    [events, query, type, engine],
  )
  const columns = useEventColumns(t)
  const clear = (): void => {
    setQuery('')
    setType('all')
  }
  return (
    <>
      <Toolbar label={t('common.filter')}>
        <SearchField label={t('activity.searchEvents')} value={query} onChange={setQuery} />
        <Select
          hideLabel
          label={t('activity.column.type')}
          value={type}
          options={[
            { value: 'all', label: t('activity.allTypes') },
            ...typesOf(events).map((value) => ({ value, label: value })),
          ]}
          onChange={setType}
        />
      </Toolbar>
      <DataTable
        label={t('activity.tab.events')}
        rows={rows}
        rowKey={(row) => row.key}
        columns={columns}
        layout={layout}
        onLayout={setLayout}
        empty={
          events.length === 0 ? (
            <EmptyState
              icon={<Radio />}
              title={t('activity.emptyEvents.title')}
              text={t('activity.emptyEvents.text')}
            />
          ) : (
            <EmptyState
              title={t('common.noMatches')}
              text={t('common.noMatchesText')}
              action={<Button onClick={clear}>{t('common.clearFilters')}</Button>}
            />
          )
        }
      />
    </>
  )
}

function useEventColumns(t: Translate): readonly Column<EventRow>[] {
  const engines = useEngines()
  return useMemo(() => {
    const engineName = (event: EngineEvent): string =>
      engines.find((engine) => engine.id === event.engine)?.name ?? event.engine
    return [
      {
        id: 'object',
        header: t('activity.column.object'),
        width: 220,
        sortValue: (event) => event.name || event.id,
        render: (event) => <bdi title={event.id}>{event.name || shortId(event.id)}</bdi>,
      },
      {
        id: 'time',
        header: t('activity.column.time'),
        width: 200,
        sortValue: (event) => event.atMs,
        render: (event) => <span className="dim num">{formatTime(event.atMs)}</span>,
      },
      {
        id: 'type',
        header: t('activity.column.type'),
        width: 90,
        sortValue: (event) => event.type,
        render: (event) => <bdi>{event.type}</bdi>,
      },
      {
        id: 'action',
        header: t('activity.column.action'),
        width: 170,
        sortValue: (event) => event.action,
        render: (event) => <bdi title={event.action}>{event.action}</bdi>,
      },
      {
        id: 'attributes',
        header: t('activity.attributes'),
        width: 260,
        isOptional: true,
        render: (event) => (
          <bdi className="faint" title={event.details}>
            {event.details}
          </bdi>
        ),
      },
      {
        id: 'engine',
        header: t('common.engine'),
        width: 100,
        isOptional: true,
        isHidden: engines.length < 2,
        sortValue: engineName,
        render: (event) => <bdi>{engineName(event)}</bdi>,
      },
    ]
  }, [t, engines])
}
