import { Binary, Download, FileText, RefreshCw } from 'lucide-react'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import type { WireError } from '../../../../shared/errors'
import { baseName, shownName, type FilePath, type FilePlace } from '../../../../shared/model/file-entry'
import { translate, useT, type Translate } from '../../../i18n'
import { formatBytes } from '../../../i18n/format'
import { showToast } from '../../../store/toasts'
import { Button, CodeEditor, ErrorState, IconButton, Loading } from '../../../ui'
import { download } from '../actions/download'
import { fileErrorWords } from '../file-errors'
import { draftOf } from './drafts'
import type { FileContent } from './file-content'
import { FileFrame } from './FileFrame'
import { hexLines } from './hex-lines'
import { Picture } from './Picture'
import { TextFile } from './TextFile'
import { useContent } from './use-content'
import { useEditorWords } from './use-editor-words'

interface FilePaneProps {
  readonly place: FilePlace
  readonly path: FilePath
  readonly canChange: boolean
  readonly onClose: () => void
  readonly onWritten: () => void
  /** Comes back to this very file, from anywhere in the window. */
  readonly onBack: () => void
}

/** One open file: as text to edit, as a picture, or as bytes. */
export function FilePane(props: FilePaneProps): ReactNode {
  const t = useT()
  const { place, path, onClose } = props
  const state = useContent(place, path)
  useTellKept(props)
  if (state.state === 'loading')
    return (
      <FileFrame path={path} onClose={onClose}>
        <Loading label={t('files.file.loading')} />
      </FileFrame>
    )
  if (state.state === 'failed')
    return (
      <FileFrame path={path} tools={<Again onClick={state.reload} />} onClose={onClose}>
        <Failure error={state.error} onRetry={state.reload} />
      </FileFrame>
    )
  // Another reading is another text; unsaved changes are put upon it.
  return <Ready {...props} key={state.round} content={state.content} onReload={state.reload} />
}

interface ReadyProps extends FilePaneProps {
  readonly content: FileContent
  readonly onReload: () => void
}

function Ready(props: ReadyProps): ReactNode {
  const t = useT()
  const { place, path, content, onClose, onReload } = props
  const [asHex, setAsHex] = useState(false)
  const notes = notesOf(t, content, props.canChange)
  const tools = (
    <>
      {content.text !== undefined && (
        <IconButton
          label={t(asHex ? 'files.file.asText' : 'files.file.asHex')}
          icon={asHex ? <FileText /> : <Binary />}
          onClick={() => setAsHex(!asHex)}
        />
      )}
      <IconButton
        label={t('files.action.download')}
        icon={<Download />}
        onClick={() => void download(place, [{ path, name: baseName(path), isFolder: false }])}
      />
      <Again onClick={onReload} />
    </>
  )
  if (isText(content) && !asHex) return <TextFile {...props} content={content} notes={notes} tools={tools} />
  const name = shownName(baseName(path))
  return (
    <FileFrame path={path} entry={content.entry} notes={notes} tools={tools} onClose={onClose}>
      {content.picture ? (
        <Picture bytes={content.bytes} type={content.picture} name={name} />
      ) : (
        <Bytes content={content} name={name} />
      )}
    </FileFrame>
  )
}

function Again({ onClick }: { readonly onClick: () => void }): ReactNode {
  const t = useT()
  return <IconButton label={t('files.file.reload')} icon={<RefreshCw />} onClick={onClick} />
}

function Failure({ error, onRetry }: { readonly error: WireError; readonly onRetry: () => void }): ReactNode {
  const t = useT()
  const { title, text, detail } = fileErrorWords(t, error, t('files.file.failed'))
  const isGone = error.code === 'object.not-found'
  const isSpecial = error.facts['reason'] === 'special'
  const why = detail === undefined ? text : `${text} ${detail}`
  return (
    <ErrorState
      title={isGone ? t('files.file.gone') : title}
      text={isGone ? t('files.file.goneText') : isSpecial ? t('files.file.special') : why}
      action={<Button onClick={onRetry}>{t('common.retry')}</Button>}
    />
  )
}

const isText = (content: FileContent): content is FileContent & { readonly text: string } =>
  content.text !== undefined

function notesOf(t: Translate, content: FileContent, canChange: boolean): readonly string[] {
  const size = formatBytes(content.entry.sizeBytes)
  const { link } = content.entry
  const isTextOrPicture = content.text !== undefined || content.picture !== undefined
  return [
    ...(link ? [t('files.file.link', { target: shownName(link.target) })] : []),
    ...(content.text !== undefined && !content.isWhole ? [t('files.file.bigText', { size })] : []),
    ...(isTextOrPicture ? [] : [t('files.file.binary')]),
    ...(isTextOrPicture || content.isWhole
      ? []
      : [t('files.file.beginning', { shown: formatBytes(content.bytes.length), size })]),
    ...(canChange ? [] : [t('files.file.readOnly')]),
  ]
}

function Bytes({ content, name }: { readonly content: FileContent; readonly name: string }): ReactNode {
  const t = useT()
  const words = useEditorWords()
  const [text] = useState(() => hexLines(content.bytes))
  return <CodeEditor text={text} fileName="" label={t('files.file.hex', { name })} words={words} isReadOnly />
}

/** Going elsewhere loses nothing, and the person is told so. */
function useTellKept({ place, path, onBack }: FilePaneProps): void {
  const back = useRef(onBack)
  useEffect(() => {
    back.current = onBack
  })
  useEffect(
    () => () => {
      if (!draftOf(place, path)) return
      showToast({
        tone: 'idle',
        title: translate('files.draft.kept', { name: shownName(baseName(path)) }),
        text: translate('files.draft.keptText'),
        action: { label: translate('files.draft.back'), onSelect: () => back.current() },
      })
    },
    [place, path],
  )
}
