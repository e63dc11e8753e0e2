import { Save, Search, WrapText } from 'lucide-react'
import { useRef, useState, type ReactNode } from 'react'
import { baseName, shownName, type FilePath, type FilePlace } from '../../../../shared/model/file-entry'
import { useT } from '../../../i18n'
import { useUi } from '../../../store/ui'
import { Button, CodeEditor, IconButton, type CodeEditorHandle } from '../../../ui'
import { draftOf, dropDraft, useHasDraft } from './drafts'
import type { FileContent } from './file-content'
import { FileFrame } from './FileFrame'
import { Questions } from './Questions'
import { useEditorWords } from './use-editor-words'
import { useSaving, type Saving } from './use-saving'

interface TextFileProps {
  readonly place: FilePlace
  readonly path: FilePath
  readonly content: FileContent & { readonly text: string }
  readonly canChange: boolean
  readonly notes: readonly string[]
  readonly tools: ReactNode
  readonly onClose: () => void
  readonly onReload: () => void
  /** Something was written: the list is another one now. */
  readonly onWritten: () => void
}

/** A text, to be edited where it is whole and the place can be changed. */
export function TextFile(props: TextFileProps): ReactNode {
  const t = useT()
  const { place, path, content, onClose, onReload, onWritten } = props
  const name = shownName(baseName(path))
  const words = useEditorWords()
  const isReadOnly = !content.isWhole || !props.canChange
  const [begun] = useState(() => draftOf(place, path)?.read() ?? content.text)
  const [wrap, setWrap] = useUi('files.wrap', true)
  const [isAsking, setIsAsking] = useState(false)
  const editor = useRef<CodeEditorHandle>(null)
  const hasDraft = useHasDraft(place, path)
  const { text, version } = content
  const saving = useSaving({ place, path, name, text, version, onStale: onReload })
  const save = async (how?: 'anyhow'): Promise<boolean> => {
    const isWritten = await saving.save(how)
    if (isWritten) onWritten()
    return isWritten
  }
  return (
    <FileFrame
      path={path}
      entry={{ ...content.entry, sizeBytes: saving.savedBytes ?? content.entry.sizeBytes }}
      isUnsaved={hasDraft}
      notes={[...props.notes, ...(saving.isStale ? [t('files.clash.banner')] : [])]}
      onSave={isReadOnly ? undefined : () => void save()}
      onClose={() => (hasDraft ? setIsAsking(true) : onClose())}
      tools={
        <>
          {!isReadOnly && <SaveButton saving={saving} hasDraft={hasDraft} onSave={() => void save()} />}
          <ViewTools wrap={wrap} onWrap={setWrap} onFind={() => editor.current?.find()} />
          {props.tools}
        </>
      }
    >
      {begun !== content.text && hasDraft && <Restored {...props} />}
      <CodeEditor
        ref={editor}
        text={begun}
        fileName={name}
        label={t('files.file.text', { name })}
        words={words}
        isReadOnly={isReadOnly}
        wrap={wrap}
        onEdit={saving.onEdit}
        onSave={() => void save()}
      />
      <Questions
        {...props}
        saving={saving}
        isAsking={isAsking}
        onAsked={() => setIsAsking(false)}
        onSave={save}
      />
    </FileFrame>
  )
}

/** The text is one that was typed before: said, as the file does not hold it. */
function Restored({ place, path, onReload }: TextFileProps): ReactNode {
  const t = useT()
  const discard = (): void => {
    dropDraft(place, path)
    onReload()
  }
  return (
    <p className="files__note files__note--draft" role="status">
      {t('files.draft.restored')}
      <Button size="sm" variant="ghost" onClick={discard}>
        {t('files.draft.discard')}
      </Button>
    </p>
  )
}

interface SaveButtonProps {
  readonly saving: Saving
  readonly hasDraft: boolean
  readonly onSave: () => void
}

function SaveButton({ saving, hasDraft, onSave }: SaveButtonProps): ReactNode {
  const t = useT()
  return (
    <Button
      size="sm"
      variant={hasDraft ? 'primary' : 'default'}
      icon={<Save aria-hidden="true" />}
      busy={saving.isSaving}
      disabled={!hasDraft}
      onClick={onSave}
    >
      {t(saving.isSaving ? 'files.file.saving' : hasDraft ? 'files.file.save' : 'files.file.saved')}
    </Button>
  )
}

interface ViewToolsProps {
  readonly wrap: boolean
  readonly onWrap: (wrap: boolean) => void
  readonly onFind: () => void
}

function ViewTools({ wrap, onWrap, onFind }: ViewToolsProps): ReactNode {
  const t = useT()
  return (
    <>
      <IconButton label={t('files.file.find')} icon={<Search />} onClick={onFind} />
      <IconButton
        label={t('files.file.wrap')}
        icon={<WrapText />}
        aria-pressed={wrap}
        className={wrap ? 'files__pressed' : undefined}
        onClick={() => onWrap(!wrap)}
      />
    </>
  )
}
