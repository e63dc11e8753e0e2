import type * as Electron from 'electron'
import type { CoreProcess } from './core-process'
import type { Announcement } from './notices'
import type { TrayWords } from './tray-words'

/**
 * How long core may take to end what it runs when the app quits: a suspend has 10 minutes for a large machine on a slow
 * disk, and where it fails an emulated machine has 4 more to shut down. One that says nothing meanwhile hangs.
 */
const limits = { graceMs: 15 * 60_000, silentMs: 30_000 }
/** What ends at once needs no words. */
const sayAfterMs = 2000

export interface EndingOptions {
  readonly core: Pick<CoreProcess, 'stop' | 'kill'>
  readonly electron: Pick<typeof Electron, 'app' | 'dialog'>
  readonly words: () => TrayWords['ending']
  /** Shows a notification, and gives back what takes it away. */
  readonly notify: (said: Announcement, onClick: () => void) => () => void
  /** Core has begun to end, or a person has asked what the app does: the tray shows it. */
  readonly onChanged: () => void
}

/** Quitting waits for core to stop what it started. No window is left: what takes long is told by the system. */
export class Ending {
  #state: 'not' | 'untold' | 'told' | 'over' = 'not'
  #timer: NodeJS.Timeout | undefined
  #takeAway = (): void => undefined
  #isAsking = false

  constructor(private readonly options: EndingOptions) {}

  get isOn(): boolean {
    return this.#state !== 'not'
  }

  /** The app is about to quit: the first time begins it, and once a person has been told, the next ends it at once. */
  handleQuit(event: { preventDefault(): void }): void {
    if (this.#state === 'over') return
    event.preventDefault()
    if (this.#state === 'told') this.quitNow()
    if (this.#state === 'not') this.#begin()
  }

  /** Says what goes on, again when it has been said. */
  tell(): void {
    if (!this.isOn || this.#state === 'over') return
    this.#state = 'told'
    this.#takeAway()
    const { saving, click } = this.options.words()
    this.#takeAway = this.options.notify({ title: saving, body: click }, () => void this.#ask())
    this.options.onChanged()
  }

  quitNow(): void {
    this.options.core.kill()
  }

  #begin(): void {
    this.#state = 'untold'
    this.#timer = setTimeout(() => this.tell(), sayAfterMs)
    void this.options.core.stop(limits).finally(() => {
      this.#state = 'over'
      clearTimeout(this.#timer)
      this.#takeAway()
      this.options.electron.app.quit()
    })
  }

  /** Where no tray is seen the notification is all there is to click: a click alone must not lose anything. */
  async #ask(): Promise<void> {
    if (this.#isAsking) return
    this.#isAsking = true
    const { saving, ask, now, wait } = this.options.words()
    const { response } = await this.options.electron.dialog.showMessageBox({
      type: 'question',
      message: saving,
      detail: ask,
      buttons: [now, wait],
      defaultId: 1,
      cancelId: 1,
    })
    this.#isAsking = false
    if (response === 0) this.quitNow()
  }
}
