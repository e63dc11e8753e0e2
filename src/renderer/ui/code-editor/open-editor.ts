import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { bracketMatching, foldGutter, foldKeymap, indentOnInput } from '@codemirror/language'
import { highlightSelectionMatches, openSearchPanel, search, searchKeymap } from '@codemirror/search'
import { Compartment, EditorState, type Extension } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  type KeyBinding,
} from '@codemirror/view'
import { editorTheme } from './editor-theme'
import { lineBreakOf } from './line-break'
import { loadLanguage } from './load-language'

export interface EditorOptions {
  readonly text: string
  readonly fileName: string
  /** For assistive tools. */
  readonly label: string
  readonly isReadOnly: boolean
  readonly wrap: boolean
  /** The editor's own words in the person's language, by their English ones. */
  readonly phrases: Readonly<Record<string, string>>
  /** After each change, with what reads the text: a long text is not copied for every key. */
  readonly onEdit?: ((read: () => string) => void) | undefined
  readonly onSave?: (() => void) | undefined
}

export interface OpenEditor {
  setWrap(wrap: boolean): void
  setReadOnly(isReadOnly: boolean): void
  find(): void
  focus(): void
  close(): void
}

/** Puts an editor into `parent`. Line ends that the text came with stay as they were. */
export function openEditor(parent: HTMLElement, options: EditorOptions): OpenEditor {
  const [language, wrapping, editing] = [new Compartment(), new Compartment(), new Compartment()]
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        ...general(options),
        editing.of(editable(options.isReadOnly)),
        wrapping.of(options.wrap ? EditorView.lineWrapping : []),
        language.of([]),
      ],
    }),
  })
  let isClosed = false
  void loadLanguage(options.fileName).then((found) => {
    if (found && !isClosed) view.dispatch({ effects: language.reconfigure(found) })
  })
  return {
    setWrap: (wrap) => view.dispatch({ effects: wrapping.reconfigure(wrap ? EditorView.lineWrapping : []) }),
    setReadOnly: (isReadOnly) => view.dispatch({ effects: editing.reconfigure(editable(isReadOnly)) }),
    find: () => void openSearchPanel(view),
    focus: () => view.focus(),
    close: () => {
      isClosed = true
      view.destroy()
    },
  }
}

// Read only, it still takes the focus, so that keys scroll, select and search.
const editable = (isReadOnly: boolean): Extension => [
  EditorState.readOnly.of(isReadOnly),
  EditorView.contentAttributes.of({ 'aria-readonly': String(isReadOnly) }),
]

function general({ text, label, phrases, onEdit, onSave }: EditorOptions): Extension[] {
  const save: KeyBinding[] = onSave
    ? [{ key: 'Mod-s', preventDefault: true, stopPropagation: true, run: () => (onSave(), true) }]
    : []
  return [
    EditorState.lineSeparator.of(lineBreakOf(text)),
    EditorState.phrases.of({ ...phrases }),
    EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', 'data-editor': '' }),
    lineNumbers(),
    foldGutter(),
    highlightActiveLineGutter(),
    highlightActiveLine(),
    highlightSpecialChars(),
    drawSelection(),
    history(),
    indentOnInput(),
    bracketMatching(),
    search({ top: true }),
    highlightSelectionMatches(),
    editorTheme,
    // Escape, then Tab leaves the editor: its own rule for who goes by keyboard.
    keymap.of([...save, ...searchKeymap, ...defaultKeymap, ...historyKeymap, ...foldKeymap, indentWithTab]),
    EditorView.updateListener.of((update) => {
      const { state } = update
      if (update.docChanged) onEdit?.(() => state.sliceDoc())
    }),
  ]
}
