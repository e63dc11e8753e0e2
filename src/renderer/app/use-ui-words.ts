import { useMemo } from 'react'
import { useT } from '../i18n'
import type { UiWords } from '../ui'

/** The kit's own words in the person's language. */
export function useAppUiWords(): UiWords {
  const t = useT()
  return useMemo(
    () => ({
      close: t('common.close'),
      cancel: t('common.cancel'),
      clear: t('common.clear'),
      copied: t('common.copied'),
      copyFailed: t('objects.copyFailed'),
      columns: t('shell.ui.columns'),
      resetColumns: t('shell.ui.resetColumns'),
      resizeColumn: (name: string) => t('shell.ui.resizeColumn', { name }),
      selectRow: t('shell.ui.selectRow'),
      selectAll: t('shell.ui.selectAll'),
      rowActions: t('shell.ui.rowActions'),
      selected: (count: number) => t('shell.ui.selected', { count }),
      clearSelection: t('shell.ui.clearSelection'),
      search: t('common.search'),
      noMatches: t('common.noMatches'),
      matches: (count: number) => t('shell.ui.matches', { count }),
      expandAll: t('shell.ui.expandAll'),
      collapseAll: t('shell.ui.collapseAll'),
      increase: t('shell.ui.increase'),
      decrease: t('shell.ui.decrease'),
      resizePanes: t('shell.ui.resizePanes'),
      expand: t('shell.ui.expand'),
      collapse: t('shell.ui.collapse'),
    }),
    [t],
  )
}
