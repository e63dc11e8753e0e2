import { History, X } from 'lucide-react'
import { useMemo, useState, type ReactNode } from 'react'
import type { Task, TaskState } from '../../../shared/model'
import { act } from '../../api'
import { useT, type Translate } from '../../i18n'
import { formatBytes } from '../../i18n/format'
import { taskWords } from '../../i18n/task-words'
import { copyText } from '../../objects/copy-text'
import { useTasks } from '../../store/activity'
import { useEngineFilter } from '../../store/engine-filter'
import { useEngines } from '../../store/inventory'
import { useUi } from '../../store/ui'
import {
  Button,
  DataTable,
  EmptyState,
  IconButton,
  ProgressBar,
  SearchField,
  Select,
  SplitPane,
  StatusDot,
  Toolbar,
  type Column,
  type TableLayout,
} from '../../ui'
import { durationMs, durationWords, matchingTasks, startedWords, taskTones } from './task-rows'
import { TaskDetail } from './TaskDetail'
import { useSecond } from './use-second'

const states = ['all', 'running', 'done', 'failed', 'cancelled', 'interrupted'] as const
const newestFirst = { column: 'started', direction: 'desc' } as const

export function TasksTab(): ReactNode {
  const t = useT()
  const tasks = useTasks()
  const engine = useEngineFilter()
  const [query, setQuery] = useState('')
  const [state, setState] = useState<TaskState | 'all'>('all')
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set())
  const [size, setSize] = useUi('activity.detail', 380)
  const rows = useMemo(
    () => matchingTasks(tasks, { query, state, engine, wordsOf: (task) => taskWords(t, task) }),
    [tasks, query, state, engine, t],
  )
  const chosen = tasks.find((task) => selection.has(task.id))
  const clear = (): void => {
    setQuery('')
    setState('all')
  }
  return (
    <>
      <Toolbar label={t('common.filter')}>
        <SearchField label={t('activity.searchTasks')} value={query} onChange={setQuery} />
        <Select
          hideLabel
          label={t('activity.column.state')}
          value={state}
          options={states.map((value) => ({
            value,
            label: value === 'all' ? t('activity.allStates') : t(`activity.state.${value}`),
          }))}
          onChange={setState}
        />
      </Toolbar>
      <SplitPane
        size={size}
        onSize={setSize}
        min={260}
        first={
          <TaskTable
            rows={rows}
            selection={selection}
            onSelection={setSelection}
            empty={<NoTasks isFiltered={tasks.length > 0} onClear={clear} />}
          />
        }
        second={
          chosen ? <TaskDetail key={chosen.id} task={chosen} /> : <EmptyState title={t('activity.choose')} />
        }
      />
    </>
  )
}

function NoTasks({
  isFiltered,
  onClear,
}: {
  readonly isFiltered: boolean
  readonly onClear: () => void
}): ReactNode {
  const t = useT()
  if (isFiltered)
    return (
      <EmptyState
        title={t('common.noMatches')}
        text={t('common.noMatchesText')}
        action={<Button onClick={onClear}>{t('common.clearFilters')}</Button>}
      />
    )
  return (
    <EmptyState
      icon={<History />}
      title={t('activity.emptyTasks.title')}
      text={t('activity.emptyTasks.text')}
    />
  )
}

interface TaskTableProps {
  readonly rows: readonly Task[]
  readonly selection: ReadonlySet<string>
  readonly onSelection: (selection: ReadonlySet<string>) => void
  readonly empty: ReactNode
}

function TaskTable({ rows, selection, onSelection, empty }: TaskTableProps): ReactNode {
  const t = useT()
  const engines = useEngines()
  const [layout, setLayout] = useUi<TableLayout>('activity.tasks', {})
  const columns = useMemo(
    () => taskColumns(t, (id) => engines.find((engine) => engine.id === id)?.name ?? ''),
    [t, engines],
  )
  return (
    <DataTable
      label={t('activity.tab.tasks')}
      rows={rows}
      rowKey={(task) => task.id}
      columns={columns}
      layout={layout}
      onLayout={setLayout}
      defaultSort={newestFirst}
      selection={selection}
      onSelection={onSelection}
      rowActions={(task) => <Cancel task={task} />}
      menuFor={(chosen) => [
        {
          label: t('common.copyCommand'),
          disabled: chosen.every((task) => task.command === ''),
          onSelect: () => void copyText(chosen.map((task) => task.command).join('\n')),
        },
      ]}
      empty={empty}
    />
  )
}

function taskColumns(t: Translate, engineName: (id: string | undefined) => string): readonly Column<Task>[] {
  return [
    {
      id: 'task',
      header: t('activity.column.task'),
      width: 260,
      sortValue: (task) => `${taskWords(t, task)} ${task.subject}`,
      render: (task) => <TaskName task={task} />,
    },
    {
      id: 'state',
      header: t('activity.column.state'),
      width: 140,
      sortValue: (task) => task.state,
      render: (task) => <TaskProgress task={task} />,
    },
    {
      id: 'started',
      header: t('activity.column.started'),
      width: 150,
      isOptional: true,
      sortValue: (task) => task.startedAtMs,
      render: (task) => <span className="dim num">{startedWords(task, Date.now())}</span>,
    },
    {
      id: 'duration',
      header: t('activity.column.duration'),
      width: 90,
      align: 'end',
      isOptional: true,
      sortValue: (task) => durationMs(task, Date.now()),
      render: (task) => <Duration task={task} />,
    },
    {
      id: 'engine',
      header: t('common.engine'),
      width: 110,
      isOptional: true,
      isHidden: true,
      sortValue: (task) => engineName(task.engine),
      render: (task) => <bdi>{engineName(task.engine)}</bdi>,
    },
    {
      id: 'command',
      header: t('common.command'),
      width: 220,
      isOptional: true,
      isHidden: true,
      render: (task) => (
        <bdi className="mono dim" title={task.command}>
          {task.command}
        </bdi>
      ),
    },
  ]
}

function TaskName({ task }: { readonly task: Task }): ReactNode {
  const t = useT()
  return (
    <>
      <StatusDot tone={taskTones[task.state]} label={t(`activity.state.${task.state}`)} />
      <span className="dim">{taskWords(t, task)}</span>
      <bdi className="truncate" title={task.subject}>
        {task.subject}
      </bdi>
    </>
  )
}

function TaskProgress({ task }: { readonly task: Task }): ReactNode {
  const t = useT()
  if (task.state !== 'running' || task.totalBytes === undefined)
    return (
      <span className={task.state === 'failed' ? 'activity__bad' : 'dim'}>
        {t(`activity.state.${task.state}`)}
        {task.state === 'running' && task.doneBytes !== undefined && (
          <span className="num"> · {formatBytes(task.doneBytes)}</span>
        )}
      </span>
    )
  return (
    <ProgressBar
      value={task.doneBytes}
      max={task.totalBytes}
      label={t('activity.progress', { name: task.subject })}
    />
  )
}

function Duration({ task }: { readonly task: Task }): ReactNode {
  const now = useSecond(task.state === 'running')
  useT()
  return <span className="num">{durationWords(task, now)}</span>
}

function Cancel({ task }: { readonly task: Task }): ReactNode {
  const t = useT()
  if (task.state !== 'running' || !task.canCancel) return null
  return (
    <IconButton
      size="sm"
      label={t('activity.cancelTask')}
      icon={<X />}
      onClick={() => void act('tasks.cancel', { task: task.id })}
    />
  )
}
