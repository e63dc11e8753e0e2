import { expect, type Locator, type Page } from '@playwright/test'
import { List } from './list'
import { untilLoaded } from './until-loaded'

export type PageName = 'Containers' | 'Images' | 'Volumes' | 'Networks' | 'Activity' | 'Settings'

/** The window as a person sees it: found by roles and words. */
export class AppWindow {
  readonly nav: Locator
  readonly toasts: Locator
  readonly dialog: Locator

  constructor(readonly page: Page) {
    this.nav = page.getByRole('navigation', { name: 'Pages' })
    this.toasts = page.getByRole('region', { name: 'Messages' })
    this.dialog = page.getByRole('dialog')
  }

  /** The shell stands and the engines have told what they hold. */
  async isReady(): Promise<void> {
    await expect(this.nav).toBeVisible()
    await expect(this.page.getByRole('heading', { level: 1, name: 'Containers' })).toBeVisible()
  }

  async goTo(name: PageName): Promise<void> {
    await this.nav.getByRole('link', { name }).click()
    await expect(this.page.getByRole('heading', { level: 1, name })).toBeVisible()
  }

  /** By address, as a bookmark does. Nothing of the page before it is left then. */
  async open(path: string): Promise<void> {
    await this.page.evaluate(async (to) => {
      const before = window.location.href
      const changed = new Promise((done) => window.addEventListener('hashchange', done, { once: true }))
      window.location.hash = `#${to}`
      if (window.location.href !== before) await changed
    }, path)
  }

  async reload(): Promise<void> {
    await untilLoaded(() => this.page.reload())
  }

  list(name: string): List {
    return new List(this.page, name)
  }

  /** A menu's items by their words, one level after the other. */
  async choose(...items: string[]): Promise<void> {
    for (const item of items) await this.menuItem(item).click()
  }

  menuItem(text: string): Locator {
    return this.page
      .getByRole('menuitem')
      .or(this.page.getByRole('menuitemcheckbox'))
      .filter({ has: this.page.getByText(text, { exact: true }) })
  }

  async select(label: string, option: string): Promise<void> {
    await this.page.getByRole('combobox', { name: label, exact: true }).click()
    await this.page.getByRole('option', { name: option, exact: true }).click()
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name })
  }

  /** A button in the head of the page: a list that holds nothing (yet) offers the same once more. */
  headButton(name: string): Locator {
    return this.page.locator('.page-header').getByRole('button', { name, exact: true })
  }

  /** Gives a file to what this button asks for, as soon as it can be pressed. */
  async choosesFile(button: Locator, name: string, content: string | Buffer): Promise<void> {
    const choosing = this.page.waitForEvent('filechooser')
    await button.click()
    const buffer = Buffer.from(content)
    await (await choosing).setFiles({ name, mimeType: 'application/octet-stream', buffer })
  }

  field(label: string): Locator {
    return this.page.getByLabel(label, { exact: true })
  }

  async confirm(label: string): Promise<void> {
    await this.dialog.getByRole('button', { name: label, exact: true }).click()
    await expect(this.dialog).toHaveCount(0)
  }

  /** A dialog stands a moment before it takes the focus: keys before that are not its own. */
  async dialogHasFocus(): Promise<void> {
    await expect(this.dialog.locator(':focus')).toBeVisible()
  }

  /** What the clipboard holds. */
  clipboard(): Promise<string> {
    return this.page.evaluate(() => navigator.clipboard.readText())
  }
}
