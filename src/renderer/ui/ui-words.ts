import { createContext, useContext } from 'react'

/**
 * The few words that belong to the kit itself. The app gives them in the person's language through
 * `UiWordsContext`; the English ones here serve where there is no app around (tests of the kit).
 */
export interface UiWords {
  readonly close: string
  readonly cancel: string
  readonly clear: string
  readonly copied: string
  readonly copyFailed: string
  readonly columns: string
  readonly resetColumns: string
  readonly resizeColumn: (name: string) => string
  readonly selectRow: string
  readonly selectAll: string
  readonly rowActions: string
  readonly selected: (count: number) => string
  readonly clearSelection: string
  readonly search: string
  readonly noMatches: string
  readonly matches: (count: number) => string
  readonly expandAll: string
  readonly collapseAll: string
  readonly increase: string
  readonly decrease: string
  readonly resizePanes: string
  readonly expand: string
  readonly collapse: string
}

export const englishUiWords: UiWords = {
  close: 'Close',
  cancel: 'Cancel',
  clear: 'Clear',
  copied: 'Copied',
  copyFailed: 'The clipboard is not available',
  columns: 'Columns',
  resetColumns: 'Reset columns',
  resizeColumn: (name) => `Resize ${name}`,
  selectRow: 'Select',
  selectAll: 'Select all',
  rowActions: 'Actions',
  selected: (count) => `${count} selected`,
  clearSelection: 'Clear selection',
  search: 'Search',
  noMatches: 'No matches',
  matches: (count) => (count === 1 ? '1 match' : `${count} matches`),
  expandAll: 'Expand all',
  collapseAll: 'Collapse all',
  increase: 'Increase',
  decrease: 'Decrease',
  resizePanes: 'Resize panes',
  expand: 'Expand',
  collapse: 'Collapse',
}

export const UiWordsContext = createContext<UiWords>(englishUiWords)
export const useUiWords = (): UiWords => useContext(UiWordsContext)
