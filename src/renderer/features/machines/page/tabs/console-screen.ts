import { FitAddon } from '@xterm/addon-fit'
import { Terminal } from '@xterm/xterm'
import { readTheme } from '../../../../ui/terminal-theme'
import '@xterm/xterm/css/xterm.css'

const scrollbackLines = 10_000
const resizeAfterMs = 80

/** A serial console on screen: shows, takes no keys. */
export class ConsoleScreen {
  readonly #terminal: Terminal
  readonly #fit = new FitAddon()
  readonly #observer: ResizeObserver
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(element: HTMLElement, label: string) {
    this.#terminal = new Terminal({
      scrollback: scrollbackLines,
      fontSize: 12,
      fontFamily: getComputedStyle(element).fontFamily || 'monospace',
      theme: readTheme(),
      minimumContrastRatio: 4.5,
      // The guest writes bare line feeds before its terminal is set up.
      convertEol: true,
      disableStdin: true,
      cursorBlink: false,
      cursorInactiveStyle: 'none',
      logLevel: 'off',
    })
    this.#terminal.loadAddon(this.#fit)
    // OSC 52 would let a guest write the clipboard, OSC 8 hides where a link leads.
    for (const code of [8, 52]) this.#terminal.parser.registerOscHandler(code, () => true)
    this.#terminal.open(element)
    this.#terminal.textarea?.setAttribute('aria-label', label)
    this.#observer = new ResizeObserver(() => this.#fitLater())
    this.#observer.observe(element)
    this.#fit.fit()
  }

  /** Resolves when it is drawn: waiting for it is what slows the stream. */
  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve) => this.#terminal.write(bytes, resolve))
  }

  setTheme(): void {
    this.#terminal.options.theme = readTheme()
  }

  clear(): void {
    this.#terminal.clear()
  }

  reset(): void {
    this.#terminal.reset()
  }

  /** All that is kept, as text. */
  get text(): string {
    const { active } = this.#terminal.buffer
    const lines = Array.from({ length: active.length }, (_, at) => active.getLine(at))
    const text = lines.reduce((whole, line) => {
      // A long line of the guest is several of the screen.
      const joint = line?.isWrapped || whole === '' ? '' : '\n'
      return `${whole}${joint}${line?.translateToString(true) ?? ''}`
    }, '')
    return `${text.trimEnd()}\n`
  }

  dispose(): void {
    clearTimeout(this.#timer)
    this.#observer.disconnect()
    this.#terminal.dispose()
  }

  #fitLater(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#fit.fit(), resizeAfterMs)
  }
}
