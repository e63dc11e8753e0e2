import { useEffect, useImperativeHandle, useRef, useState, type ReactNode, type Ref } from 'react'
import { Button } from '../Button'
import { ErrorState, Loading } from '../StatePanel'
import type { openEditor, OpenEditor } from './open-editor'
import './code-editor.css'

/** The editor's words: its own by their English ones, and those of its loading. */
export interface CodeEditorWords {
  readonly loading: string
  readonly failed: string
  readonly retry: string
  readonly phrases: Readonly<Record<string, string>>
}

export interface CodeEditorHandle {
  focus(): void
  /** Opens the search field. */
  find(): void
}

export interface CodeEditorProps {
  /** What it begins with. Another text is another editor: give it another `key`. */
  readonly text: string
  /** Chooses the colours by its end. */
  readonly fileName: string
  readonly label: string
  readonly words: CodeEditorWords
  readonly isReadOnly?: boolean | undefined
  readonly wrap?: boolean | undefined
  readonly autoFocus?: boolean | undefined
  /** After each change, with what reads the whole text then. */
  readonly onEdit?: ((read: () => string) => void) | undefined
  /** Ctrl+S, Cmd+S. */
  readonly onSave?: (() => void) | undefined
  readonly ref?: Ref<CodeEditorHandle> | undefined
}

interface Module {
  readonly openEditor: typeof openEditor
}
const load = (): Promise<Module> => import('./open-editor')

/** An editor of text with search and colours. It is big and comes when the first one is drawn. */
export function CodeEditor({ words, ref, ...props }: CodeEditorProps): ReactNode {
  const [module, setModule] = useState<Module | 'failed'>()
  const [round, setRound] = useState(0)
  useEffect(() => {
    let isGone = false
    loadSeveralTimes().then(
      (loaded) => !isGone && setModule(loaded),
      () => !isGone && setModule('failed'),
    )
    return () => void (isGone = true)
  }, [round])
  if (module === undefined) return <Loading label={words.loading} />
  if (module === 'failed')
    return (
      <ErrorState
        title={words.failed}
        action={
          <Button
            onClick={() => {
              setModule(undefined)
              setRound(round + 1)
            }}
          >
            {words.retry}
          </Button>
        }
      />
    )
  return <Host {...props} phrases={words.phrases} open={module.openEditor} handle={ref} />
}

/** Chromium breaks off what it is loading when a network of the host comes or goes, as engines make them. */
async function loadSeveralTimes(): Promise<Module> {
  for (let attempt = 0; attempt < 4; attempt++) {
    try {
      return await load()
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 300 * 2 ** attempt))
    }
  }
  return load()
}

interface HostProps extends Omit<CodeEditorProps, 'words' | 'ref'> {
  readonly phrases: Readonly<Record<string, string>>
  readonly open: Module['openEditor']
  readonly handle: Ref<CodeEditorHandle> | undefined
}

function Host(props: HostProps): ReactNode {
  const { isReadOnly = false, wrap = false, open, handle } = props
  const box = useRef<HTMLDivElement>(null)
  const editor = useRef<OpenEditor>(undefined)
  // What was given first makes the editor; handlers are always those of the last drawing.
  const latest = useRef(props)
  useEffect(() => {
    latest.current = props
  })
  useEffect(() => {
    if (!box.current) return undefined
    const given = latest.current
    const opened = open(box.current, {
      text: given.text,
      fileName: given.fileName,
      label: given.label,
      phrases: given.phrases,
      isReadOnly: given.isReadOnly === true,
      wrap: given.wrap === true,
      onEdit: (read) => latest.current.onEdit?.(read),
      onSave: () => latest.current.onSave?.(),
    })
    editor.current = opened
    if (given.autoFocus === true) opened.focus()
    return () => opened.close()
  }, [open])
  useEffect(() => editor.current?.setReadOnly(isReadOnly), [isReadOnly])
  useEffect(() => editor.current?.setWrap(wrap), [wrap])
  useImperativeHandle(
    handle,
    () => ({ focus: () => editor.current?.focus(), find: () => editor.current?.find() }),
    [],
  )
  return (
    <div className="code-editor">
      <div ref={box} className="code-editor__host" />
    </div>
  )
}
