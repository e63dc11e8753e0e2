import type { ReactNode } from 'react'
import { useT } from '../../../i18n'
import { errorWords } from '../../../i18n/error-words'
import { formatBytes } from '../../../i18n/format'
import { Button, EmptyState, ErrorState, Loading, TextDiff } from '../../../ui'
import { textLimit } from './file-content'
import type { FileSource } from './file-source'
import { useEditorWords } from './use-editor-words'
import { useFile, type FileState } from './use-file'

interface FileDiffProps {
  readonly before: FileSource
  readonly after: FileSource
  readonly labels: { readonly before: string; readonly after: string }
  readonly name: string
}

/** Two copies of a file side by side. */
export function FileDiff({ before, after, labels, name }: FileDiffProps): ReactNode {
  const t = useT()
  const words = useEditorWords()
  const [old, fresh] = [useFile(before), useFile(after)]
  if (old.state === 'failed') return <Failed file={old} />
  if (fresh.state === 'failed') return <Failed file={fresh} />
  if (old.state === 'loading' || fresh.state === 'loading')
    return <Loading label={t('layers.file.loading')} />
  if (old.content.kind === 'binary' || fresh.content.kind === 'binary')
    return (
      <EmptyState
        title={t('layers.diff.binary')}
        text={t('layers.diff.binaryText', {
          before: formatBytes(old.entry.sizeBytes),
          after: formatBytes(fresh.entry.sizeBytes),
        })}
      />
    )
  return (
    <>
      {(old.isCut || fresh.isCut) && (
        <p className="layers-note" role="status">
          {t('layers.diff.cut', { shown: formatBytes(textLimit, 'binary') })}
        </p>
      )}
      <TextDiff
        key={JSON.stringify([before, after])}
        before={old.content.text}
        after={fresh.content.text}
        fileName={name}
        labels={labels}
        words={words}
      />
    </>
  )
}

function Failed({ file }: { readonly file: Extract<FileState, { state: 'failed' }> }): ReactNode {
  const t = useT()
  const { title, text } = errorWords(t, file.error)
  return (
    <ErrorState
      title={title}
      text={text}
      action={<Button onClick={file.reload}>{t('objects.retry')}</Button>}
    />
  )
}
