import { useMemo } from 'react'
import { useT, type Translate } from '../../i18n'
import { formatBytes } from '../../i18n/format'
import type { Column } from '../../ui'
import type { DiskRow } from './disk-rows'

export function useDiskColumns(): readonly Column<DiskRow>[] {
  const t = useT()
  return useMemo(() => [nameColumn(t), ...sizeColumns(t), noteColumn(t)], [t])
}

const nameColumn = (t: Translate): Column<DiskRow> => ({
  id: 'name',
  header: t('disk.column.name'),
  width: 300,
  sortValue: ({ name }) => name,
  render: ({ name, id, path }) =>
    path === undefined ? (
      <bdi title={id}>{name}</bdi>
    ) : (
      <a className="disk-page__name" href={`#${path}`} title={id}>
        <bdi>{name}</bdi>
      </a>
    ),
})

const sizeColumns = (t: Translate): Column<DiskRow>[] => [
  {
    id: 'kind',
    header: t('disk.column.kind'),
    width: 130,
    sortValue: ({ kind }) => t(`disk.one.${kind}`),
    render: ({ kind }) => <span className="dim">{t(`disk.one.${kind}`)}</span>,
  },
  {
    id: 'own',
    header: t('disk.column.own'),
    width: 130,
    align: 'end',
    isMostFirst: true,
    sortValue: ({ bytes }) => bytes,
    render: ({ bytes, isCut }) => (
      <span className="num">
        {isCut && <span className="faint">{t('disk.cut')} </span>}
        {formatBytes(bytes)}
      </span>
    ),
  },
  {
    id: 'shared',
    header: t('disk.column.shared'),
    width: 110,
    align: 'end',
    isMostFirst: true,
    sortValue: ({ sharedBytes }) => sharedBytes,
    render: ({ sharedBytes }) =>
      sharedBytes > 0 ? (
        <span className="num dim" title={t('disk.sharedHint')}>
          {formatBytes(sharedBytes)}
        </span>
      ) : null,
  },
]

const noteColumn = (t: Translate): Column<DiskRow> => ({
  id: 'note',
  header: t('disk.column.note'),
  width: 260,
  render: ({ note, logBytes = 0, bytes }) => {
    // A log that is most of what a container takes is what one looks for.
    const text = logBytes > 0 && logBytes > bytes / 10 ? t('disk.log', { size: formatBytes(logBytes) }) : note
    return (
      <bdi className="dim truncate" title={text}>
        {text}
      </bdi>
    )
  },
})
