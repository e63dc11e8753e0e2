import { ArrowUp, Pencil } from 'lucide-react'
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import {
  childPath,
  escapeName,
  parentPath,
  shownName,
  type FilePath,
  type FilePlace,
} from '../../../../shared/model/file-entry'
import { call } from '../../../api'
import { useT } from '../../../i18n'
import { IconButton, TextField } from '../../../ui'
import { fileErrorWords } from '../file-errors'
import { cleanPath, crumbsOf, type FileRoute } from '../file-route'
import { at } from '../place'
import { isFolder } from './rows'
import { toWire } from '../../../../shared/errors'

interface PathBarProps {
  readonly place: FilePlace
  readonly folder: FilePath
  readonly addressOf: (route: FileRoute) => string
  readonly onGo: (route: FileRoute) => void
}

/** The way to the folder as links, or a field for a path that one knows. */
export function PathBar(props: PathBarProps): ReactNode {
  const t = useT()
  const { folder, addressOf, onGo } = props
  const [isTyping, setIsTyping] = useState(false)
  const pencil = useRef<HTMLButtonElement>(null)
  const goesTo = useRef<Next>(undefined)
  // Only when the field is gone do the pencil and the new folder stand.
  useEffect(() => {
    if (isTyping) return
    if (goesTo.current === 'pencil') pencil.current?.focus()
    else if (goesTo.current === 'list') focusList(pencil.current)
    goesTo.current = undefined
  }, [isTyping])
  const close = (next?: Next): void => {
    goesTo.current = next
    setIsTyping(false)
  }
  const crumbs = crumbsOf(folder)
  return (
    <>
      <IconButton
        label={t('files.up')}
        icon={<ArrowUp />}
        disabled={folder === '/'}
        onClick={() => onGo({ folder: parentPath(folder) })}
      />
      {isTyping ? (
        <PathField {...props} onClose={close} />
      ) : (
        <nav className="files__crumbs" aria-label={t('files.path.crumbs')}>
          {crumbs.map(({ name, path }, index) => (
            <span key={path} className="files__crumb">
              <a
                href={`#${addressOf({ folder: path })}`}
                aria-current={index === crumbs.length - 1 ? 'page' : undefined}
                aria-label={path === '/' ? t('files.path.root') : undefined}
                title={shownName(path)}
              >
                <bdi>{shownName(name)}</bdi>
              </a>
              {index > 0 && index < crumbs.length - 1 && <span aria-hidden="true">/</span>}
            </span>
          ))}
        </nav>
      )}
      {!isTyping && (
        <IconButton
          ref={pencil}
          label={t('files.path.edit')}
          size="sm"
          icon={<Pencil />}
          onClick={() => setIsTyping(true)}
        />
      )}
    </>
  )
}

/** What takes the focus on from the field; without it the field was left for something else. */
type Next = 'pencil' | 'list' | undefined

const focusList = (from: HTMLElement | null): void =>
  from?.closest('.files')?.querySelector<HTMLElement>(':is([role="treegrid"], [role="grid"])')?.focus()

function PathField(props: PathBarProps & { readonly onClose: (next?: Next) => void }): ReactNode {
  const t = useT()
  const { place, folder, onGo, onClose } = props
  const [text, setText] = useState(shownName(folder))
  const [problem, setProblem] = useState<string>()
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.select(), [])
  const go = async (): Promise<void> => {
    const typed = escapeName(text.trim())
    const path = cleanPath(typed.startsWith('/') ? typed : childPath(folder, typed))
    try {
      const route = await routeTo(place, path)
      // Left meanwhile: the focus is where the person wants it.
      const isLeft = field.current === null
      onGo(route)
      if (!isLeft) onClose('list')
    } catch (error) {
      setProblem(fileErrorWords(t, toWire(error), '').text)
    }
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') onClose('pencil')
    if (event.key === 'Enter') void go()
  }
  return (
    <div className="files__path-field">
      <TextField
        label={t('files.path.field')}
        hideLabel
        mono
        autoFocus
        ref={field}
        value={text}
        error={problem}
        onChange={(next) => {
          setProblem(undefined)
          setText(next)
        }}
        onBlur={() => onClose()}
        onKeyDown={onKeyDown}
      />
    </div>
  )
}

/** A folder is gone into, all else is opened where it lies. */
async function routeTo(place: FilePlace, path: FilePath): Promise<FileRoute> {
  if (path === '/') return { folder: '/' }
  const { entry } = await call('files.stat', at(place, path))
  return isFolder(entry) ? { folder: path } : { folder: parentPath(path), file: path }
}
