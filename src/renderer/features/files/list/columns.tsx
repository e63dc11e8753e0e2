import { useMemo } from 'react'
import type { FileEntry, FileMount } from '../../../../shared/model/file-entry'
import { shownName } from '../../../../shared/model/file-entry'
import { useT, type Translate } from '../../../i18n'
import { formatBytes, formatTime } from '../../../i18n/format'
import { Badge, type Column, type Sort, type Tone } from '../../../ui'
import { modeWords, octal } from '../mode-words'
import { FileIcon } from './FileIcon'
import { isFolder, type FileRow } from './rows'
import type { Owners } from './use-owners'

interface ColumnsInput {
  /** As folders stand first in either direction of the names. */
  readonly sort: Sort
  /** Paths with unsaved changes. */
  readonly drafts: ReadonlySet<string>
  readonly owners: Owners
}

export function useFileColumns({ sort, drafts, owners }: ColumnsInput): readonly Column<FileRow>[] {
  const t = useT()
  const isDown = sort.column === 'name' && sort.direction === 'desc'
  return useMemo(
    () => [nameColumn(t, isDown, drafts), ...factColumns(t), ownerColumn(t, owners)],
    [t, isDown, drafts, owners],
  )
}

export const defaultSort: Sort = { column: 'name', direction: 'asc' }

function nameColumn(t: Translate, isDown: boolean, drafts: ReadonlySet<string>): Column<FileRow> {
  return {
    id: 'name',
    header: t('files.column.name'),
    width: 220,
    sortValue: ({ entry, name }) => `${entry && isFolder(entry) !== isDown ? 0 : 1} ${name}`,
    render: (row) => <NameCell row={row} t={t} isUnsaved={drafts.has(row.path)} />,
  }
}

interface NameCellProps {
  readonly row: FileRow
  readonly t: Translate
  readonly isUnsaved: boolean
}

function NameCell({ row: { name, entry }, t, isUnsaved }: NameCellProps) {
  const change = entry ? entry.change : 'removed'
  return (
    <span className="files__name" title={name}>
      <FileIcon entry={entry} />
      <bdi className={entry ? 'truncate' : 'truncate files__name--gone'}>{name}</bdi>
      {isUnsaved && <span className="files__unsaved" role="img" aria-label={t('files.unsaved')} />}
      {entry?.link && <LinkTarget t={t} link={entry.link} />}
      {entry?.mount && <MountBadge t={t} mount={entry.mount} />}
      {change && (
        <Badge tone={changeTones[change]} title={t(`files.change.${change}Text`)}>
          {t(`files.change.${change}`)}
        </Badge>
      )}
    </span>
  )
}

const changeTones: Readonly<Record<'added' | 'changed' | 'removed', Tone>> = {
  added: 'ok',
  changed: 'warn',
  removed: 'bad',
}

function LinkTarget({ t, link }: { readonly t: Translate; readonly link: NonNullable<FileEntry['link']> }) {
  const target = shownName(link.target)
  return (
    <span className="files__target truncate" title={link.kind ? target : t('files.link.nowhere')}>
      {t('files.link.to', { target })}
    </span>
  )
}

function MountBadge({ t, mount }: { readonly t: Translate; readonly mount: FileMount }) {
  const source = mount.source ?? ''
  const words = {
    volume: t('files.mount.volumeOf', { source }),
    bind: t('files.mount.bindOf', { source }),
    tmpfs: t('files.mount.tmpfs'),
    kernel: t('files.mount.kernel'),
    engine: t('files.mount.engineOf'),
  }[mount.kind]
  return (
    <Badge tone="idle" title={words}>
      {t(`files.mount.${mount.kind}`)}
      {mount.isReadOnly === true && `, ${t('files.mount.readOnly')}`}
    </Badge>
  )
}

const factColumns = (t: Translate): readonly Column<FileRow>[] => [
  {
    id: 'size',
    header: t('files.column.size'),
    width: 80,
    align: 'end',
    isMostFirst: true,
    isOptional: true,
    sortValue: ({ entry }) => (entry?.kind === 'file' ? entry.sizeBytes : undefined),
    render: ({ entry }) => (entry?.kind === 'file' ? formatBytes(entry.sizeBytes) : ''),
  },
  {
    id: 'changed',
    header: t('files.column.changed'),
    width: 190,
    isMostFirst: true,
    isOptional: true,
    sortValue: ({ entry }) => entry?.mtimeMs,
    render: ({ entry }) => (entry && entry.mtimeMs > 0 ? formatTime(entry.mtimeMs) : ''),
  },
  {
    id: 'mode',
    header: t('files.column.mode'),
    width: 96,
    isOptional: true,
    sortValue: ({ entry }) => entry?.mode,
    render: ({ entry }) =>
      entry && (
        <span className="mono" title={octal(entry.mode)}>
          {modeWords(entry.kind, entry.mode)}
        </span>
      ),
  },
]

function ownerColumn(t: Translate, { users, groups }: Owners): Column<FileRow> {
  const wordsOf = ({ uid, gid }: FileEntry): string => `${users.get(uid) ?? uid}:${groups.get(gid) ?? gid}`
  const titleOf = (entry: FileEntry): string => {
    const [words, numbers] = [wordsOf(entry), `${entry.uid}:${entry.gid}`]
    return words === numbers ? numbers : `${words} (${numbers})`
  }
  return {
    id: 'owner',
    header: t('files.column.owner'),
    width: 120,
    isOptional: true,
    sortValue: ({ entry }) => entry && wordsOf(entry),
    render: ({ entry }) =>
      entry && (
        <bdi className="num truncate" title={titleOf(entry)}>
          {wordsOf(entry)}
        </bdi>
      ),
  }
}
