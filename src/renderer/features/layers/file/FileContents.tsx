import { Download } from 'lucide-react'
import type { ReactNode } from 'react'
import { useT, type Translate } from '../../../i18n'
import { errorWords } from '../../../i18n/error-words'
import { formatBytes } from '../../../i18n/format'
import { Button, CodeEditor, EmptyState, ErrorState, Loading } from '../../../ui'
import { hexLimit, hexLines, textLimit } from './file-content'
import { downloadFile, type FileSource } from './file-source'
import { useEditorWords } from './use-editor-words'
import { useFile } from './use-file'

/** A file as text, or the beginning of it as bytes; what is not shown is said. */
export function FileContents({
  source,
  name,
}: {
  readonly source: FileSource
  readonly name: string
}): ReactNode {
  const t = useT()
  const words = useEditorWords()
  const file = useFile(source)
  if (file.state === 'loading') return <Loading label={t('layers.file.loading')} />
  if (file.state === 'failed') {
    const { title, text } = errorWords(t, file.error)
    return (
      <ErrorState
        title={title}
        text={text}
        action={<Button onClick={file.reload}>{t('objects.retry')}</Button>}
      />
    )
  }
  const { content, entry } = file
  if (entry.sizeBytes === 0) return <EmptyState title={t('layers.file.empty')} />
  const note = noteOf(t, file)
  return (
    <>
      {note !== undefined && (
        <p className="layers-note" role="status">
          {note}{' '}
          <Button size="sm" icon={<Download />} onClick={() => void downloadFile(source, name)}>
            {t('layers.file.download')}
          </Button>
        </p>
      )}
      {content.kind === 'text' ? (
        <CodeEditor
          key={JSON.stringify(source)}
          text={content.text}
          fileName={name}
          label={t('layers.file.textOf', { name })}
          words={words}
          isReadOnly
        />
      ) : (
        // What scrolls must take the focus, or the keyboard does not reach its end.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <pre className="layers-hex mono" tabIndex={0} aria-label={t('layers.file.bytesOf', { name })}>
          {hexLines(content.start)}
        </pre>
      )}
    </>
  )
}

type Shown = Extract<ReturnType<typeof useFile>, { state: 'ready' }>

/** What is not shown of it. */
function noteOf(t: Translate, { content, entry, isCut }: Shown): string | undefined {
  const { sizeBytes } = entry
  const size = formatBytes(sizeBytes)
  if (content.kind === 'binary')
    return sizeBytes > hexLimit
      ? t('layers.file.binaryCut', { shown: formatBytes(hexLimit, 'binary'), size })
      : t('layers.file.binary', { size })
  return isCut ? t('layers.file.cut', { shown: formatBytes(textLimit, 'binary'), size }) : undefined
}
