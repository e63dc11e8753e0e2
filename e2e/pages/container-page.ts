import { expect } from '@playwright/test'
import type { AppWindow } from './app-window'

/** From the list, as a person does; on one of its tabs. */
export async function openPage(win: AppWindow, name: string, tab?: string): Promise<void> {
  await win.list('Containers').openRow(name)
  await expect(win.page.getByRole('heading', { level: 1, name })).toBeVisible()
  if (tab !== undefined) await win.page.getByRole('tab', { name: tab, exact: true }).click()
}
