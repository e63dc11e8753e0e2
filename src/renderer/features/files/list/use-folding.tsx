import { useMemo } from 'react'
import { useT, type Translate } from '../../../i18n'
import { formatNumber } from '../../../i18n/format'
import { Button, Spinner, type TableTree, type TreeWords } from '../../../ui'
import { fileErrorWords } from '../file-errors'
import { isFolder, type FileRow } from './rows'
import type { FileTree, Folder } from './use-tree'

/** How a folder's lines hang together, and what an open folder says of itself. */
export function useFolding({ top, open, folderAt, read }: FileTree): TableTree<FileRow> {
  const t = useT()
  return useMemo(
    () => ({
      parentOf: ({ folder }) => (folder === top.path ? undefined : folder),
      isExpanded: ({ entry, path }) => (entry && isFolder(entry) ? open.folders.has(path) : undefined),
      onFold: ({ path }, expand) => open.fold(path, expand),
      wordsBelow: ({ path }) => wordsOf(t, folderAt(path), () => void read(path)),
    }),
    [t, top.path, open, folderAt, read],
  )
}

/** Nothing where the lines say it all. */
function wordsOf(t: Translate, { listing }: Folder, retry: () => void): TreeWords | undefined {
  switch (listing.state) {
    case 'loading':
      return {
        words: (
          <>
            <Spinner size={14} />
            <span role="status">{t('files.loading')}</span>
          </>
        ),
      }
    case 'failed': {
      const { title, text } = fileErrorWords(t, listing.error, t('files.failed'))
      const words = (
        <>
          <span className="files__failed truncate" role="alert" title={text}>
            {title}. {text}
          </span>
          <Button size="sm" onClick={retry}>
            {t('common.retry')}
          </Button>
        </>
      )
      return { words, onOpen: retry }
    }
    case 'ready': {
      const { entries, removed, cut, total } = listing.list
      if (cut === 'time') return { words: t('files.cut.time') }
      if (cut === 'count') {
        const shown = formatNumber(entries.length)
        return {
          words: t('files.cut.count', { shown, total: total === undefined ? '…' : formatNumber(total) }),
        }
      }
      return entries.length + removed.length === 0 ? { words: t('files.empty.title') } : undefined
    }
  }
}
