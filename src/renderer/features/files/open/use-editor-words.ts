import { useMemo } from 'react'
import { useT } from '../../../i18n'
import type { CodeEditorWords } from '../../../ui'

/** The editor's words in the person's language; the keys are its own English ones. */
export function useEditorWords(): CodeEditorWords {
  const t = useT()
  return useMemo(
    () => ({
      loading: t('files.editor.loading'),
      failed: t('files.editor.failed'),
      retry: t('common.retry'),
      phrases: {
        Find: t('files.editor.find'),
        Replace: t('files.editor.replace'),
        next: t('files.editor.next'),
        previous: t('files.editor.previous'),
        all: t('files.editor.all'),
        'match case': t('files.editor.matchCase'),
        'by word': t('files.editor.byWord'),
        regexp: t('files.editor.regexp'),
        replace: t('files.editor.replaceOne'),
        'replace all': t('files.editor.replaceAll'),
        close: t('files.editor.close'),
        'current match': t('files.editor.currentMatch'),
        'on line': t('files.editor.onLine'),
        'replaced match on line $': t('files.editor.replacedOn'),
        'replaced $ matches': t('files.editor.replacedMany'),
        'Go to line': t('files.editor.goToLine'),
        go: t('files.editor.go'),
        'Fold line': t('files.editor.foldLine'),
        'Unfold line': t('files.editor.unfoldLine'),
        'folded code': t('files.editor.folded'),
        unfold: t('files.editor.unfold'),
        'Control character': t('files.editor.control'),
      },
    }),
    [t],
  )
}
