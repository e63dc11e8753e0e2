import { FitAddon } from '@xterm/addon-fit'
import { type ISearchOptions, SearchAddon } from '@xterm/addon-search'
import { WebLinksAddon } from '@xterm/addon-web-links'
import { WebglAddon } from '@xterm/addon-webgl'
import { type ITheme, Terminal } from '@xterm/xterm'
import { Emitter } from '../../../shared/std/emitter'
import '@xterm/xterm/css/xterm.css'

export const scrollbackLines = 10_000
/** A dragged border tells many sizes: the program hears the last. */
const resizeAfterMs = 80

export interface Size {
  readonly cols: number
  readonly rows: number
}
export interface Found {
  /** -1 when there are too many to tell. */
  readonly index: number
  readonly count: number
}
export interface Find {
  readonly text: string
  readonly isRegex: boolean
  readonly matchCase: boolean
}

export interface ScreenEvents {
  readonly onInput: (bytes: Uint8Array) => void
  readonly onSize: (size: Size) => void
  readonly onTitle: (title: string) => void
  /** An address in plain sight was clicked. */
  readonly onPlainLink: (address: string) => void
  /** A text that hides its address was clicked (OSC 8). */
  readonly onHiddenLink: (address: string) => void
  /** Keys of ours: true takes the key from the program. */
  readonly onKey: (event: KeyboardEvent) => boolean
}

/** One terminal on screen: xterm.js with what we allow it. */
export class Screen {
  readonly found = new Emitter<Found>()
  readonly #terminal: Terminal
  readonly #fit = new FitAddon()
  readonly #search = new SearchAddon({ highlightLimit: 1000 })
  readonly #encoder = new TextEncoder()
  #webgl: WebglAddon | undefined
  #isMuted = false
  /** What is told next is of a key, and not the screen's own answer to a program. */
  #isTyped = false
  #sizeTimer: ReturnType<typeof setTimeout> | undefined
  #observer: ResizeObserver | undefined
  #marks: ISearchOptions['decorations']

  constructor(
    private readonly events: ScreenEvents,
    look: { readonly theme: ITheme; readonly fontFamily: string },
  ) {
    this.#terminal = new Terminal({
      // Search marks are drawn with it.
      allowProposedApi: true,
      scrollback: scrollbackLines,
      fontSize: 12,
      fontFamily: look.fontFamily,
      theme: look.theme,
      minimumContrastRatio: 4.5,
      cursorBlink: true,
      macOptionIsMeta: true,
      logLevel: 'off',
      linkHandler: { activate: (_, address) => events.onHiddenLink(address), allowNonHttpProtocols: false },
    })
    this.#load()
  }

  open(element: HTMLElement): void {
    this.#terminal.open(element)
    this.#observer = new ResizeObserver(() => this.#sizeLater())
    this.#observer.observe(element)
  }

  /** Resolves when it is on screen: waiting for it is what slows the program. `past` is not answered. */
  write(bytes: Uint8Array, isPast: boolean): Promise<void> {
    if (bytes.byteLength === 0) return Promise.resolve()
    this.#isMuted = isPast
    return new Promise((resolve) =>
      this.#terminal.write(bytes, () => {
        this.#isMuted = false
        resolve()
      }),
    )
  }

  /** Empty, in the size in which what follows was written. */
  restart(size: Size): void {
    this.#terminal.reset()
    this.#terminal.resize(size.cols, size.rows)
  }

  /** Fills its place and tells the size, also when it is the same: another window may have changed it. */
  fit(): void {
    const size = this.#fit.proposeDimensions()
    if (!size || !Number.isFinite(size.cols) || !Number.isFinite(size.rows)) return
    const cols = Math.min(2000, Math.max(2, size.cols))
    const rows = Math.min(2000, Math.max(1, size.rows))
    this.#terminal.resize(cols, rows)
    this.events.onSize({ cols, rows })
  }

  /** Browsers keep few GL contexts: only what is seen has one. Without GL the DOM draws. */
  setVisible(isVisible: boolean): void {
    if (!isVisible) this.#dropWebgl()
    else if (!this.#webgl) {
      try {
        const webgl = new WebglAddon()
        webgl.onContextLoss(() => this.#dropWebgl())
        this.#terminal.loadAddon(webgl)
        this.#webgl = webgl
      } catch {
        this.#webgl = undefined
      }
    }
    if (isVisible) this.#sizeLater()
  }

  setTheme(theme: ITheme, mark: { readonly match: string; readonly active: string }): void {
    this.#terminal.options.theme = theme
    this.#marks = {
      matchBackground: mark.match,
      matchOverviewRuler: mark.match,
      activeMatchBackground: mark.active,
      activeMatchColorOverviewRuler: mark.active,
    }
  }

  find(find: Find, step: 1 | -1, isTyping = false): void {
    if (find.text === '') return this.#search.clearDecorations()
    const options: ISearchOptions = {
      regex: find.isRegex,
      caseSensitive: find.matchCase,
      incremental: isTyping,
      ...(this.#marks && { decorations: this.#marks }),
    }
    if (step === 1) this.#search.findNext(find.text, options)
    else this.#search.findPrevious(find.text, options)
  }

  endFind(): void {
    this.#search.clearDecorations()
    this.focus()
  }

  get selection(): string {
    return this.#terminal.getSelection()
  }
  paste(text: string): void {
    this.#terminal.paste(text)
  }
  selectAll(): void {
    this.#terminal.selectAll()
  }
  clear(): void {
    this.#terminal.clear()
  }
  focus(): void {
    this.#terminal.focus()
  }
  /** An ended session takes no keys. */
  setReadOnly(isReadOnly: boolean): void {
    this.#terminal.options.disableStdin = isReadOnly
    this.#terminal.options.cursorBlink = !isReadOnly
  }

  dispose(): void {
    clearTimeout(this.#sizeTimer)
    this.#observer?.disconnect()
    this.#dropWebgl()
    this.#terminal.dispose()
  }

  #load(): void {
    const { events } = this
    const terminal = this.#terminal
    terminal.loadAddon(this.#fit)
    terminal.loadAddon(this.#search)
    terminal.loadAddon(new WebLinksAddon((_, address) => events.onPlainLink(address)))
    terminal.onKey(() => (this.#isTyped = true))
    terminal.onData((text) => {
      const isOldAnswer = this.#isMuted && !this.#isTyped
      this.#isTyped = false
      if (!isOldAnswer) events.onInput(this.#encoder.encode(text))
    })
    // Mouse reports in the old form: one byte a character.
    terminal.onBinary(
      (text) => !this.#isMuted && events.onInput(Uint8Array.from(text, (c) => c.charCodeAt(0) & 0xff)),
    )
    terminal.onTitleChange((title) => events.onTitle(title))
    // OSC 52 would let any program read and write the clipboard.
    terminal.parser.registerOscHandler(52, () => true)
    terminal.attachCustomKeyEventHandler((event) => !events.onKey(event))
    this.#search.onDidChangeResults(({ resultIndex, resultCount }) =>
      this.found.emit({ index: resultIndex, count: resultCount }),
    )
  }

  #sizeLater(): void {
    clearTimeout(this.#sizeTimer)
    this.#sizeTimer = setTimeout(() => this.fit(), resizeAfterMs)
  }

  #dropWebgl(): void {
    this.#webgl?.dispose()
    this.#webgl = undefined
  }
}
