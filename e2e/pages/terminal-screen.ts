import { expect, type Locator, type Page } from '@playwright/test'

/** The terminal that is on screen, inside a part of the window. */
export class TerminalScreen {
  readonly rows: Locator
  readonly #surface: Locator

  constructor(
    private readonly page: Page,
    within: Locator,
  ) {
    this.#surface = within.locator('.xterm-screen:visible')
    this.rows = within.locator('.xterm-rows:visible')
  }

  async run(line: string): Promise<void> {
    await this.#surface.click()
    await this.page.keyboard.type(line)
    await this.page.keyboard.press('Enter')
  }

  /** The prompt stands. */
  async isReady(): Promise<void> {
    await expect(this.rows).toContainText(/[#$]/, { timeout: 30_000 })
  }

  async shows(text: string | RegExp): Promise<void> {
    await expect(this.rows).toContainText(text, { timeout: 30_000 })
  }
}
