import { X } from 'lucide-react'
import type { KeyboardEvent, ReactNode } from 'react'
import { shownName, type FileEntry, type FilePath } from '../../../../shared/model/file-entry'
import { baseName } from '../../../../shared/model/file-entry'
import { useT } from '../../../i18n'
import { formatBytes } from '../../../i18n/format'
import { IconButton, latinKey } from '../../../ui'

interface FileFrameProps {
  readonly path: FilePath
  /** Absent while it is not known. */
  readonly entry?: FileEntry | undefined
  readonly isUnsaved?: boolean | undefined
  /** What the person has to know of this file. */
  readonly notes?: readonly string[] | undefined
  readonly tools?: ReactNode
  readonly onSave?: (() => void) | undefined
  readonly onClose: () => void
  readonly children: ReactNode
}

/** Around an open file, whatever it is: its name, its tools, a way to close it. */
export function FileFrame(props: FileFrameProps): ReactNode {
  const t = useT()
  const { path, entry, notes = [], onSave } = props
  const name = shownName(baseName(path))
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return
    if (latinKey(event.nativeEvent).toLowerCase() !== 's') return
    // Also where there is nothing to save: the browser's own would save the page.
    event.preventDefault()
    onSave?.()
  }
  return (
    // The keys are those of the editor inside, from anywhere in the pane.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section className="files__open" aria-label={t('files.file.region', { name })} onKeyDown={onKeyDown}>
      <header className="files__open-head">
        <h2 className="files__open-name truncate" title={shownName(path)}>
          <bdi>{name}</bdi>
        </h2>
        {props.isUnsaved === true && (
          <span className="files__unsaved" role="img" aria-label={t('files.unsaved')} />
        )}
        {entry?.kind === 'file' && <span className="dim num">{formatBytes(entry.sizeBytes)}</span>}
        <span className="toolbar__space" />
        {props.tools}
        <IconButton label={t('files.file.close')} icon={<X />} onClick={props.onClose} />
      </header>
      {notes.map((note) => (
        <p key={note} className="files__note" role="status">
          {note}
        </p>
      ))}
      {props.children}
    </section>
  )
}
