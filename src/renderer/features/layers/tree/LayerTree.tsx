import { File, FileSymlink, Folder, SearchX, Terminal } from 'lucide-react'
import { useMemo, useState, type ReactNode } from 'react'
import type { LayerEntry, LayerSort, ObjectRef } from '../../../../shared/model'
import { call, useCall } from '../../../api'
import { useT, type Translate } from '../../../i18n'
import { formatBytes } from '../../../i18n/format'
import { EmptyState, TreeGrid, type TreeColumn, type TreeLine } from '../../../ui'
import { ChangeMark, EntryName, HiddenMark } from '../parts/change-mark'
import { modeWords } from '../parts/mode-words'
import type { Placing } from '../place'
import { TreeBar, type Marks } from './TreeBar'
import { useLazyTree } from './use-lazy-tree'

interface LayerTreeProps {
  readonly imageRef: ObjectRef
  readonly layer: number
  readonly placing: Placing
}

/** What a layer did, or all that is there with it: as a tree, or as the hits of a search. */
export function LayerTree({ imageRef, layer, placing }: LayerTreeProps): ReactNode {
  const [sort, setSort] = useState<LayerSort>('name')
  const [marks, setMarks] = useState<Marks>([])
  const [text, setText] = useState('')
  const { place } = placing
  const where = { ...imageRef, layer, view: place.view, changes: [...marks] }
  const search = text.trim()
  return (
    <div className="layers-tree">
      <TreeBar
        view={place.view}
        onView={(view) => placing.go({ view })}
        marks={marks}
        onMarks={setMarks}
        text={text}
        onText={setText}
      />
      {search === '' ? (
        <Tree where={where} sort={sort} onSort={setSort} placing={placing} />
      ) : (
        <Hits where={where} text={search} placing={placing} />
      )}
    </div>
  )
}

type Where = ObjectRef & {
  readonly layer: number
  readonly view: 'layer' | 'sum'
  readonly changes: Marks[number][]
}

interface TreeProps {
  readonly where: Where
  readonly sort: LayerSort
  readonly onSort: (sort: LayerSort) => void
  readonly placing: Placing
}

function Tree({ where, sort, onSort, placing }: TreeProps): ReactNode {
  const t = useT()
  const { place, go } = placing
  const tree = useLazyTree<LayerEntry>({
    identity: JSON.stringify([where, sort]),
    load: (path, offset, signal) =>
      call('layers.children', { ...where, path, sort, offset, limit: 1000 }, signal),
    path: place.path,
    onPath: (path) => go({ path }),
    onOpen: (path) => go({ path, tab: 'contents' }),
  })
  const columns = useMemo(() => columnsOf(t, { sort, onSort }), [t, sort, onSort])
  return (
    <TreeGrid
      label={t('layers.tree.label')}
      lines={tree.lines}
      columns={columns}
      active={tree.active}
      onActive={tree.onActive}
      onFold={tree.onFold}
      onVisible={tree.onVisible}
      onOpen={tree.onOpen}
      empty={<NoEntries where={where} />}
    />
  )
}

function NoEntries({ where }: { readonly where: Where }): ReactNode {
  const t = useT()
  if (where.changes.length > 0) return <EmptyState icon={<SearchX />} title={t('layers.tree.noMark')} />
  return (
    <EmptyState
      title={t(where.view === 'layer' ? 'layers.tree.emptyLayer' : 'layers.tree.emptySum')}
      text={t('layers.tree.emptyText')}
    />
  )
}

interface HitsProps {
  readonly where: Where
  readonly text: string
  readonly placing: Placing
}

/** A flat list of the paths that were found, as many as fit an answer. */
function Hits({ where, text, placing }: HitsProps): ReactNode {
  const t = useT()
  const { place, go } = placing
  const found = useCall('layers.find', { ...where, text, limit: 1000 })
  const columns = useMemo(() => columnsOf(t), [t])
  const lines = useMemo(() => hitLines(t, found.value), [t, found.value])
  return (
    <TreeGrid
      label={t('layers.tree.hits')}
      lines={lines}
      columns={columns}
      active={place.path}
      onActive={(path) => go({ path })}
      onFold={() => undefined}
      onOpen={(path) => go({ path, tab: 'contents' })}
      empty={
        <EmptyState
          icon={<SearchX />}
          title={
            found.state === 'loading'
              ? t('layers.tree.searching')
              : found.state === 'failed'
                ? t('layers.tree.searchFailed')
                : t('layers.tree.noHit')
          }
        />
      }
    />
  )
}

function hitLines(
  t: Translate,
  found: { readonly entries: readonly LayerEntry[]; readonly total: number } | undefined,
): readonly TreeLine<LayerEntry>[] {
  if (!found) return []
  const { entries, total } = found
  const lines: TreeLine<LayerEntry>[] = entries.map((row, at) => ({
    key: row.path,
    depth: 0,
    name: row.name,
    position: at + 1,
    siblings: total,
    row,
  }))
  if (total > entries.length)
    lines.push({
      key: 'rest',
      depth: 0,
      name: '',
      position: lines.length + 1,
      siblings: total,
      words: t('layers.tree.moreHits', { count: total - entries.length }),
    })
  return lines
}

interface Sorting {
  readonly sort: LayerSort
  readonly onSort: (sort: LayerSort) => void
}

/** Without a sorting it is a flat list of hits, which shows whole paths. */
function columnsOf(t: Translate, how?: Sorting): readonly TreeColumn<LayerEntry>[] {
  const sorting = (by: LayerSort, sorted: 'ascending' | 'descending') => ({
    onSort: how && (() => how.onSort(by)),
    sorted: how?.sort === by ? sorted : undefined,
  })
  return [
    {
      id: 'name',
      header: t('layers.column.name'),
      ...sorting('name', 'ascending'),
      render: (entry) => <NameCell entry={entry} isFlat={!how} />,
    },
    {
      id: 'size',
      header: t('layers.column.size'),
      width: 92,
      align: 'end',
      ...sorting('size', 'descending'),
      render: (entry) => formatBytes(sizeOf(entry)),
    },
    {
      id: 'mode',
      header: t('layers.column.mode'),
      width: 104,
      render: (entry) => <span className="mono layers-faint">{modeWords(entry.kind, entry.mode)}</span>,
    },
    {
      id: 'owner',
      header: t('layers.column.owner'),
      width: 84,
      render: (entry) => (
        <span className="layers-faint num">
          {entry.uid}:{entry.gid}
        </span>
      ),
    },
  ]
}

/** Of what was taken away: what it was. */
export const sizeOf = (entry: LayerEntry): number => {
  if (entry.kind !== 'folder') return entry.sizeBytes
  return entry.change === 'removed' ? entry.removedBytes : entry.belowBytes
}

function NameCell({ entry, isFlat }: { readonly entry: LayerEntry; readonly isFlat: boolean }): ReactNode {
  return (
    <>
      <ChangeMark change={entry.change} below={entry.hasChangesBelow} />
      <KindIcon entry={entry} />
      <EntryName entry={isFlat ? { ...entry, name: entry.path } : entry} />
      {entry.linkTarget !== undefined && (
        <span className="layers-faint">
          → <bdi>{entry.linkTarget}</bdi>
        </span>
      )}
      <HiddenMark entry={entry} />
    </>
  )
}

function KindIcon({ entry }: { readonly entry: LayerEntry }): ReactNode {
  const Icon =
    entry.kind === 'folder'
      ? Folder
      : entry.kind === 'link'
        ? FileSymlink
        : entry.kind === 'file'
          ? File
          : Terminal
  return <Icon className="layers-icon" aria-hidden="true" />
}
