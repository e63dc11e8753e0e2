import type { ReactNode } from 'react'
import { baseName, shownName, type FilePath, type FilePlace } from '../../../../shared/model/file-entry'
import { translate } from '../../../i18n'
import { showToast } from '../../../store/toasts'
import { tellFailure } from '../file-errors'
import { AskToSave } from './AskToSave'
import { ClashDialog } from './ClashDialog'
import { draftOf, dropDraft } from './drafts'
import type { Saving } from './use-saving'
import { freeCopy, writeFile } from './write-file'

interface QuestionsProps {
  readonly place: FilePlace
  readonly path: FilePath
  readonly onClose: () => void
  readonly onReload: () => void
  readonly onWritten: () => void
  readonly saving: Saving
  readonly isAsking: boolean
  readonly onAsked: () => void
  readonly onSave: (how?: 'anyhow') => Promise<boolean>
}

/** What becomes of unsaved changes: when the file is closed, and when somebody else wrote first. */
export function Questions(props: QuestionsProps): ReactNode {
  const { place, path, saving, onClose, onReload, onSave, onAsked } = props
  const name = shownName(baseName(path))
  const discard = (then: () => void) => (): void => {
    dropDraft(place, path)
    then()
  }
  return (
    <>
      {props.isAsking && (
        <AskToSave
          name={name}
          onClose={onAsked}
          onDiscard={discard(onClose)}
          onSave={() => {
            onAsked()
            void onSave().then((isWritten) => isWritten && onClose())
          }}
        />
      )}
      {saving.clash && (
        <ClashDialog
          clash={saving.clash}
          name={name}
          copyName={`${name}.mine`}
          onClose={saving.dismiss}
          onOverwrite={() => void onSave('anyhow')}
          onTheirs={discard(onReload)}
          onCopy={() => void saveCopy(props)}
        />
      )}
    </>
  )
}

/** Mine beside theirs: what is open then is theirs. */
async function saveCopy({ place, path, onReload, onWritten }: QuestionsProps): Promise<void> {
  const draft = draftOf(place, path)
  if (!draft) return
  const name = shownName(baseName(path))
  try {
    const copy = await freeCopy(place, `${path}.mine`)
    await writeFile(place, copy, { bytes: new TextEncoder().encode(draft.read()) })
    dropDraft(place, path)
    showToast({ tone: 'ok', title: translate('files.file.savedAs', { name: shownName(baseName(copy)) }) })
    onWritten()
    onReload()
  } catch (error) {
    tellFailure(error, translate('files.file.saveFailed', { name }))
  }
}
