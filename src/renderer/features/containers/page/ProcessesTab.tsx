import { Cpu, SearchX } from 'lucide-react'
import { useMemo, useState, type ReactNode } from 'react'
import type { Container, ProcessTable } from '../../../../shared/model'
import { useT } from '../../../i18n'
import { Button, DataTable, EmptyState, Loading, SearchField, Toolbar, type Column } from '../../../ui'
import { doVerb } from '../actions/do-verb'
import { maskText } from '../../../objects/secrets/secrets'
import { Failure } from './Failure'
import { useProcesses } from './use-processes'

export function ProcessesTab({ container }: { readonly container: Container }): ReactNode {
  const t = useT()
  if (container.state === 'running' || container.state === 'paused') return <Live container={container} />
  return (
    <EmptyState
      icon={<Cpu />}
      title={t('containers.page.notRunning')}
      text={t('containers.page.notRunningText')}
      action={<Button onClick={() => doVerb('start', [container])}>{t('containers.verb.start')}</Button>}
    />
  )
}

function Live({ container }: { readonly container: Container }): ReactNode {
  const t = useT()
  const { table, error, retry } = useProcesses(container)
  if (error) return <Failure title={t('containers.processes.failed')} error={error} onRetry={retry} />
  if (!table) return <Loading label={t('containers.processes.loading')} />
  return <Processes table={table} />
}

interface ProcessRow {
  readonly key: string
  readonly cells: readonly string[]
}

function Processes({ table }: { readonly table: ProcessTable }): ReactNode {
  const t = useT()
  const [query, setQuery] = useState('')
  // As text: the titles are the same at each answer, and the columns must not change with them.
  const titles = table.titles.join('\n')
  const columns = useMemo(() => columnsOf(titles.split('\n')), [titles])
  const rows = useMemo(() => rowsOf(table, query), [table, query])
  return (
    <>
      <Toolbar label={t('containers.processes.table')}>
        <SearchField label={t('containers.processes.search')} value={query} onChange={setQuery} />
        <span className="containers__hint num" role="status">
          {t('containers.processes.count', { count: rows.length })}
        </span>
        <span className="toolbar__space" />
        <span className="containers__hint">{t('containers.processes.every')}</span>
      </Toolbar>
      <DataTable
        label={t('containers.processes.table')}
        rows={rows}
        rowKey={keyOfRow}
        columns={columns}
        empty={<EmptyState icon={<SearchX />} title={t('containers.processes.noMatch')} />}
      />
    </>
  )
}

const keyOfRow = (row: ProcessRow): string => row.key

/** The last column is the command: the widest, so it stands first and takes what is left over. */
function columnsOf(titles: readonly string[]): readonly Column<ProcessRow>[] {
  const columns = titles.map((title, index): Column<ProcessRow> => {
    const isCommand = index === titles.length - 1
    return {
      id: `${index} ${title}`,
      header: title,
      width: isCommand ? 320 : 90,
      isOptional: !isCommand,
      sortValue: (row) => sortable(row.cells[index]),
      render: (row) => (
        <bdi className={isCommand ? 'mono' : 'num'} title={row.cells[index]?.slice(0, 2000)}>
          {row.cells[index]?.slice(0, 500)}
        </bdi>
      ),
    }
  })
  const command = columns.pop()
  return command ? [command, ...columns] : []
}

const sortable = (cell: string | undefined): string | number | undefined => {
  if (cell === undefined || cell === '') return undefined
  const number = Number(cell)
  return Number.isNaN(number) ? cell : number
}

function rowsOf(table: ProcessTable, query: string): readonly ProcessRow[] {
  const word = query.trim().toLowerCase()
  const pid = table.titles.findIndex((title) => title.toUpperCase() === 'PID')
  return table.rows
    .map((cells, index) => ({
      key: cells[pid] ?? String(index),
      // Passwords stand in command lines too.
      cells: cells.map((cell, at) => (at === cells.length - 1 ? maskText(cell) : cell)),
    }))
    .filter((row) => word === '' || row.cells.some((cell) => cell.toLowerCase().includes(word)))
}
