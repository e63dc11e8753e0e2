import { ChevronDown, ChevronRight, FileDiff, RefreshCw, SearchX } from 'lucide-react'
import { useCallback, useMemo, useState, type CSSProperties, type ReactNode } from 'react'
import type { Container, FileChange } from '../../../../shared/model'
import { useT, type Translate } from '../../../i18n'
import { formatNumber } from '../../../i18n/format'
import { useUi } from '../../../store/ui'
import {
  Badge,
  Button,
  DataTable,
  EmptyState,
  IconButton,
  Loading,
  SearchField,
  Select,
  Toolbar,
  type Column,
  type Tone,
} from '../../../ui'
import {
  changes as allChanges,
  countChanges,
  narrowChanges,
  toLines,
  type Change,
  type ChangeLine,
} from '../inspect/changes-tree'
import { Failure } from './Failure'
import { useLiveChanges } from './use-live-changes'

type View = 'tree' | 'list'
const tones: Readonly<Record<Change, Tone>> = { added: 'ok', modified: 'warn', deleted: 'bad' }
const letters: Readonly<Record<Change, string>> = { added: 'A', modified: 'C', deleted: 'D' }

/** What differs from the image, now: each change shows by itself. */
export function ChangesTab({ container }: { readonly container: Container }): ReactNode {
  const t = useT()
  const diff = useLiveChanges(container)
  if (diff.state === 'loading') return <Loading label={t('containers.changes.loading')} />
  if (diff.state === 'failed')
    return <Failure title={t('containers.changes.failed')} error={diff.error} onRetry={diff.reload} />
  const { changes, isCut } = diff.value
  if (changes.length === 0)
    return (
      <EmptyState
        icon={<FileDiff />}
        title={t('containers.changes.none')}
        text={t('containers.changes.noneText')}
        action={<Button onClick={diff.reload}>{t('containers.changes.refresh')}</Button>}
      />
    )
  return <Changes changes={changes} isCut={isCut} onReload={diff.reload} />
}

interface ChangesProps {
  readonly changes: readonly FileChange[]
  readonly isCut: boolean
  readonly onReload: () => void
}

function Changes({ changes, isCut, onReload }: ChangesProps): ReactNode {
  const t = useT()
  const [view, setView] = useUi<View>('containers.changesView', 'tree')
  const [query, setQuery] = useState('')
  const [kinds, setKinds] = useState<ReadonlySet<Change>>(new Set(allChanges))
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set())
  const counts = useMemo(() => countChanges(changes), [changes])
  const lines = useMemo(() => {
    const kept = narrowChanges(changes, kinds, query)
    return view === 'tree' ? toLines(kept, collapsed) : kept.map(asLine)
  }, [changes, kinds, query, view, collapsed])
  const fold = useCallback((path: string): void => setCollapsed((before) => toggled(before, path)), [])
  const columns = useMemo(() => columnsOf(t, view, fold), [t, view, fold])
  return (
    <>
      <Toolbar label={t('containers.changes.paths')}>
        <SearchField label={t('containers.changes.search')} value={query} onChange={setQuery} />
        {allChanges.map((change) => (
          <Button
            key={change}
            size="sm"
            variant={kinds.has(change) ? 'default' : 'ghost'}
            aria-pressed={kinds.has(change)}
            onClick={() => setKinds(toggled(kinds, change))}
          >
            {t(`containers.changes.${change}`)} <span className="num">{formatNumber(counts[change])}</span>
          </Button>
        ))}
        <span className="toolbar__space" />
        <Select<View>
          label={t('containers.changes.view')}
          hideLabel
          value={view}
          options={[
            { value: 'tree', label: t('containers.changes.tree') },
            { value: 'list', label: t('containers.changes.list') },
          ]}
          onChange={setView}
        />
        <IconButton label={t('containers.changes.refresh')} icon={<RefreshCw />} onClick={onReload} />
      </Toolbar>
      {isCut && (
        <p className="containers__banner" role="status">
          {t('containers.changes.cut')}
        </p>
      )}
      <DataTable
        label={t('containers.changes.paths')}
        rows={lines}
        rowKey={pathOf}
        columns={columns}
        nameOf={nameOf}
        onOpen={(line) => line.below > 0 && view === 'tree' && fold(line.path)}
        empty={<EmptyState icon={<SearchX />} title={t('containers.changes.noMatch')} />}
      />
    </>
  )
}

const pathOf = (line: ChangeLine): string => line.path
const nameOf = (line: ChangeLine): string => line.name
const asLine = ({ path, change }: FileChange): ChangeLine => ({
  path,
  name: path,
  depth: 0,
  change,
  below: 0,
  isCollapsed: false,
})

function toggled<T>(set: ReadonlySet<T>, item: T): ReadonlySet<T> {
  const next = new Set(set)
  if (!next.delete(item)) next.add(item)
  return next
}

function columnsOf(t: Translate, view: View, onFold: (path: string) => void): readonly Column<ChangeLine>[] {
  const isTree = view === 'tree'
  return [
    {
      id: 'path',
      header: t('containers.changes.path'),
      width: 420,
      // A tree has its own order; a list takes any.
      sortValue: isTree ? undefined : pathOf,
      render: (line) => <PathCell line={line} onFold={onFold} />,
    },
    {
      id: 'change',
      header: t('containers.columns.status'),
      width: 120,
      sortValue: isTree ? undefined : (line) => line.change,
      render: (line) =>
        line.change && (
          <Badge tone={tones[line.change]} title={letters[line.change]}>
            {t(`containers.changes.${line.change}`)}
          </Badge>
        ),
    },
  ]
}

interface PathCellProps {
  readonly line: ChangeLine
  readonly onFold: (path: string) => void
}

function PathCell({ line, onFold }: PathCellProps): ReactNode {
  const t = useT()
  const style = { paddingInlineStart: line.depth * 16 } as CSSProperties
  return (
    <span className="changes__path" style={style} title={line.path}>
      {line.below > 0 ? (
        <IconButton
          size="sm"
          tabIndex={-1}
          label={t(line.isCollapsed ? 'containers.menu.expand' : 'containers.menu.collapse', {
            project: line.name,
          })}
          icon={line.isCollapsed ? <ChevronRight /> : <ChevronDown />}
          onClick={() => onFold(line.path)}
        />
      ) : (
        <span className="changes__leaf" />
      )}
      <bdi className="mono">{line.name}</bdi>
      {line.isCollapsed && (
        <span className="containers__hint num">{t('containers.changes.below', { count: line.below })}</span>
      )}
    </span>
  )
}
