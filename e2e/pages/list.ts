import { expect, type Locator, type Page } from '@playwright/test'

/** A table of objects. */
export class List {
  readonly grid: Locator

  constructor(
    private readonly page: Page,
    name: string,
  ) {
    this.grid = page
      .getByRole('treegrid', { name, exact: true })
      .or(page.getByRole('grid', { name, exact: true }))
  }

  /** The line that shows exactly this text in a cell. */
  row(text: string): Locator {
    return this.grid.getByRole('row').filter({ has: this.page.getByText(text, { exact: true }) })
  }

  get rows(): Locator {
    return this.grid.locator('[role=row][aria-rowindex]:not([aria-rowindex="1"])')
  }

  /** Opens a line's menu and chooses from it, one level after the other. */
  async choose(row: string, ...items: string[]): Promise<void> {
    await this.openMenu(row)
    for (const item of items) {
      const found = this.page
        .getByRole('menuitem')
        .filter({ has: this.page.getByText(item, { exact: true }) })
      await found.last().click()
    }
  }

  async openMenu(row: string): Promise<void> {
    await this.row(row).click({ button: 'right', position: { x: 60, y: 12 } })
    await expect(this.page.getByRole('menu')).toBeVisible()
  }

  async openRow(row: string): Promise<void> {
    await this.row(row).dblclick({ position: { x: 60, y: 12 } })
  }

  /** Marks lines as Ctrl+click does. */
  async mark(...rows: string[]): Promise<void> {
    let isFirst = true
    for (const row of rows) {
      await this.row(row).click({ position: { x: 60, y: 12 }, ...(!isFirst && { modifiers: ['Control'] }) })
      isFirst = false
    }
  }
}
