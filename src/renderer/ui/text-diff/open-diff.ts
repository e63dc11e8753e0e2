import { defaultKeymap } from '@codemirror/commands'
import { goToNextChunk, goToPreviousChunk, MergeView } from '@codemirror/merge'
import { search, searchKeymap } from '@codemirror/search'
import { Compartment, EditorState, type Extension } from '@codemirror/state'
import { drawSelection, EditorView, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view'
import { editorTheme } from '../code-editor/editor-theme'
import { loadLanguage } from '../code-editor/load-language'

export interface DiffOptions {
  readonly before: string
  readonly after: string
  readonly fileName: string
  /** For assistive tools: what stands on each side. */
  readonly labels: { readonly before: string; readonly after: string }
  /** The editor's own words in the person's language, by their English ones. */
  readonly phrases: Readonly<Record<string, string>>
}

export interface OpenDiff {
  next(): void
  previous(): void
  /** How many places differ. */
  readonly places: number
  close(): void
}

/** Two texts side by side, read only; what is the same for long is folded. F7 and Shift+F7 go through the differences. */
export function openDiff(parent: HTMLElement, options: DiffOptions): OpenDiff {
  const languages = [new Compartment(), new Compartment()] as const
  const side = (doc: string, language: Compartment, label: string) => ({
    doc,
    extensions: [...general(options, label), language.of([])],
  })
  const view = new MergeView({
    parent,
    a: side(options.before, languages[0], options.labels.before),
    b: side(options.after, languages[1], options.labels.after),
    gutter: true,
    highlightChanges: true,
    collapseUnchanged: { margin: 3, minSize: 8 },
    // Two big unlike texts must not stop the window: past this the difference is rougher.
    diffConfig: { scanLimit: 2000, timeout: 1500 },
  })
  let isClosed = false
  void loadLanguage(options.fileName).then((found) => {
    if (!found || isClosed) return
    view.a.dispatch({ effects: languages[0].reconfigure(found) })
    view.b.dispatch({ effects: languages[1].reconfigure(found) })
  })
  return {
    places: view.chunks.length,
    next: () => void goToNextChunk(view.b),
    previous: () => void goToPreviousChunk(view.b),
    close: () => {
      isClosed = true
      view.destroy()
    },
  }
}

const general = ({ phrases }: DiffOptions, label: string): Extension[] => [
  editorTheme,
  diffTheme,
  EditorState.readOnly.of(true),
  EditorState.phrases.of(phrases),
  EditorView.contentAttributes.of({ 'aria-label': label, 'aria-readonly': 'true' }),
  EditorView.lineWrapping,
  lineNumbers(),
  highlightSpecialChars(),
  drawSelection(),
  search({ top: true }),
  keymap.of([{ key: 'F7', run: goToNextChunk, shift: goToPreviousChunk }, ...searchKeymap, ...defaultKeymap]),
]

// Changed words are also underlined, changed lines also have a bar: colour alone tells nothing to many.
const diffTheme = EditorView.theme({
  '&.cm-merge-a .cm-changedLine, & .cm-deletedChunk': { backgroundColor: 'var(--bad-bg)' },
  '&.cm-merge-b .cm-changedLine': { backgroundColor: 'var(--ok-bg)' },
  '&.cm-merge-a .cm-changedText': {
    background: 'color-mix(in srgb, var(--bad) 22%, transparent)',
    textDecoration: 'underline',
  },
  '&.cm-merge-b .cm-changedText': {
    background: 'color-mix(in srgb, var(--ok) 22%, transparent)',
    textDecoration: 'underline',
  },
  '&.cm-merge-a .cm-changedLineGutter': { background: 'var(--bad)' },
  '&.cm-merge-b .cm-changedLineGutter': { background: 'var(--ok)' },
  '.cm-collapsedLines': {
    color: 'var(--text-dim)',
    background: 'var(--bg-sunken)',
    fontFamily: 'var(--font)',
    fontSize: '12px',
  },
})
