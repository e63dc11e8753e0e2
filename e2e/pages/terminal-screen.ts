import { expect, type Locator, type Page } from '@playwright/test'

/** Where a text is on the screen. The terminal draws its lines anew now and then: between two it is nowhere. */
export async function placeOf(
  text: Locator,
): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await text.boundingBox()
  if (!box) throw new Error('The text is not on screen')
  return box
}

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

  /** The size that the program is told, asked for until it has as many lines as are drawn. */
  async size(): Promise<{ readonly rows: number; readonly cols: number }> {
    const told = { rows: 0, cols: 0 }
    await expect(async () => {
      await this.run('clear; echo "size $(stty size) ends"')
      await expect(this.rows).toContainText(/size \d+ \d+ ends/, { timeout: 5000 })
      const [, rows, cols] = /size (\d+) (\d+) ends/.exec((await this.rows.textContent()) ?? '') ?? []
      expect(await this.rows.locator('> div').count()).toBe(Number(rows))
      Object.assign(told, { rows: Number(rows), cols: Number(cols) })
    }).toPass({ timeout: 30_000 })
    return told
  }

  /** In the middle of a text, as a person points at it: until the pointer says that it is a link. */
  async clickLink(text: Locator): Promise<void> {
    await expect(async () => {
      const box = await placeOf(text)
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
      await this.page.mouse.move(x - 20, y + 60)
      await this.page.mouse.move(x, y)
      await expect(this.page.locator('.xterm-cursor-pointer')).toHaveCount(1, { timeout: 1000 })
      await this.page.mouse.click(x, y)
    }).toPass({ timeout: 30_000 })
  }

  /** An address in plain sight opens at a click, in a page of its own. */
  async opensAddress(): Promise<void> {
    const context = this.page.context()
    await context.route('http://plain.example/**', (route) => route.fulfill({ body: 'arrived' }))
    await this.run("clear; printf 'see http://plain.example/page now\\n'")
    const line = this.rows.getByText(/^see http:\/\/plain\.example\/page now/)
    const [opened] = await Promise.all([context.waitForEvent('page'), this.clickLink(line)])
    await expect(opened.locator('body')).toHaveText('arrived')
    await opened.close()
  }
}
