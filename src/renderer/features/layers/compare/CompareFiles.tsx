import { Equal } from 'lucide-react'
import { useMemo, useState, type ReactNode } from 'react'
import { useLocation, useSearch } from 'wouter'
import type { CompareEntry, CompareSummary } from '../../../../shared/model'
import { call } from '../../../api'
import { useT, type Translate } from '../../../i18n'
import { formatBytes } from '../../../i18n/format'
import { useUi } from '../../../store/ui'
import { EmptyState, SplitPane, Toolbar, TreeGrid, type TreeColumn } from '../../../ui'
import { ChangeMark, EntryName } from '../parts/change-mark'
import { MarkButtons, type Marks } from '../tree/TreeBar'
import { useLazyTree } from '../tree/use-lazy-tree'
import { CompareFile } from './CompareFile'
import type { CompareProps } from './compared-images'

type Sort = 'name' | 'size'
type Row = CompareEntry

/** The files of both images as one tree: at first only what differs. */
export function CompareFiles(props: CompareProps & { readonly summary: CompareSummary }): ReactNode {
  const t = useT()
  const { before, after } = props
  const [path, setPath] = usePath()
  const [sort, setSort] = useState<Sort>('name')
  const [marks, setMarks] = useState<Marks>(['added', 'changed', 'removed'])
  const [height, setHeight] = useUi('layers.comparePanelHeight', 300)
  const [chosen, setChosen] = useState<Row>()
  const tree = useLazyTree<Row>({
    identity: JSON.stringify([before, after, sort, marks]),
    load: (folder, offset, signal) =>
      call(
        'layers.compareChildren',
        { ...before, with: after, path: folder, sort, changes: [...marks], offset, limit: 1000 },
        signal,
      ),
    path,
    onPath: setPath,
  })
  const row =
    tree.lines.find((line) => line.key === path)?.row ?? (chosen?.path === path ? chosen : undefined)
  if (row && row !== chosen) setChosen(row)
  const columns = useMemo(() => columnsOf(t, sort, setSort), [t, sort])
  return (
    <>
      <Toolbar label={t('layers.tree.bar')}>
        <MarkButtons marks={marks} onMarks={setMarks} />
      </Toolbar>
      <SplitPane
        label={t('layers.resizePanel')}
        direction="column"
        size={height}
        onSize={setHeight}
        first={
          <TreeGrid
            label={t('layers.compare.tree')}
            lines={tree.lines}
            columns={columns}
            active={tree.active}
            onActive={tree.onActive}
            onFold={tree.onFold}
            onVisible={tree.onVisible}
            onOpen={tree.onOpen}
            empty={<EmptyState icon={<Equal />} title={t('layers.compare.noDifference')} />}
          />
        }
        second={row && <CompareFile key={row.path} entry={row} {...props} />}
      />
    </>
  )
}

/** The chosen path stands in the address. */
function usePath(): readonly [string | undefined, (path: string) => void] {
  const [at, navigate] = useLocation()
  const path = new URLSearchParams(useSearch()).get('path') ?? undefined
  return [
    path,
    (next) => navigate(`${at}?${new URLSearchParams({ path: next }).toString()}`, { replace: true }),
  ]
}

function columnsOf(t: Translate, sort: Sort, onSort: (sort: Sort) => void): readonly TreeColumn<Row>[] {
  const bytes = (value: number, isThere: boolean): ReactNode =>
    isThere ? formatBytes(value) : <span className="layers-faint">–</span>
  return [
    {
      id: 'name',
      header: t('layers.column.name'),
      onSort: () => onSort('name'),
      sorted: sort === 'name' ? 'ascending' : undefined,
      render: (row) => (
        <>
          <ChangeMark change={row.change} below={row.added + row.changed + row.removed > 0} />
          <EntryName entry={row} />
        </>
      ),
    },
    {
      id: 'what',
      header: t('layers.column.differs'),
      width: 180,
      render: (row) => (
        <span className="layers-faint">
          {row.differs.map((one) => t(`layers.differs.${one}`)).join(', ')}
        </span>
      ),
    },
    {
      id: 'before',
      header: t('layers.column.before'),
      width: 92,
      align: 'end',
      render: (row) => bytes(row.beforeBytes, row.before !== undefined),
    },
    {
      id: 'after',
      header: t('layers.column.after'),
      width: 92,
      align: 'end',
      onSort: () => onSort('size'),
      sorted: sort === 'size' ? 'descending' : undefined,
      render: (row) => bytes(row.afterBytes, row.after !== undefined),
    },
    {
      id: 'delta',
      header: t('layers.column.delta'),
      width: 100,
      align: 'end',
      render: (row) => signed(row.afterBytes - row.beforeBytes),
    },
  ]
}

const signed = (bytes: number): string =>
  bytes === 0 ? '' : `${bytes < 0 ? '−' : '+'}${formatBytes(Math.abs(bytes))}`
