import { useMemo } from 'react'
import { useT } from '../../../i18n'
import type { TextDiffWords } from '../../../ui'

/** The editor's own words, in the person's language. */
export function useEditorWords(): TextDiffWords {
  const t = useT()
  return useMemo(
    () => ({
      loading: t('layers.editor.loading'),
      failed: t('layers.editor.failed'),
      retry: t('objects.retry'),
      next: t('layers.editor.next'),
      previous: t('layers.editor.previous'),
      same: t('layers.editor.same'),
      places: (count) => t('layers.editor.places', { count }),
      phrases: {
        Find: t('layers.editor.find'),
        next: t('layers.editor.findNext'),
        previous: t('layers.editor.findPrevious'),
        all: t('layers.editor.findAll'),
        'match case': t('layers.editor.matchCase'),
        regexp: t('layers.editor.regexp'),
        'by word': t('layers.editor.byWord'),
        close: t('layers.editor.close'),
        '$ unchanged lines': t('layers.editor.unchanged', { lines: '$' }),
        'current match': t('layers.editor.match'),
        'on line': t('layers.editor.onLine'),
      },
    }),
    [t],
  )
}
