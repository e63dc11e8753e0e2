import { readFile } from 'node:fs/promises'
import { expect, test } from '../fixtures/test'
import type { AppWindow } from '../pages/app-window'

/** The line about the one engine that this app has. */
const engineCheck = (win: AppWindow) =>
  win.page
    .getByRole('list', { name: 'Diagnostics' })
    .getByRole('listitem')
    .filter({ has: win.page.getByText('Engine', { exact: true }) })

async function isOpen(win: AppWindow): Promise<void> {
  await expect(win.page.getByRole('heading', { level: 1, name: 'Diagnostics' })).toBeVisible()
  await expect(engineCheck(win)).toContainText('Runs: version')
  await expect(engineCheck(win).getByLabel('Good', { exact: true })).toBeVisible()
}

test('the palette and the settings lead to Diagnostics, where the engine is found good', async ({ win }) => {
  await win.page.keyboard.press('Control+k')
  await win.page.getByPlaceholder('Go to, find or do…').fill('doctor')
  await expect(win.page.getByRole('option', { selected: true })).toContainText('Diagnostics')
  await win.page.keyboard.press('Enter')
  await isOpen(win)
  await win.goTo('Settings')
  await win.page.getByRole('link', { name: 'Diagnostics', exact: true }).click()
  await isOpen(win)
  await win.button('Check again').click()
  await isOpen(win)
})

test('a report is saved as a text that says what was found', async ({ win }) => {
  await win.open('/diagnostics')
  await isOpen(win)
  const saving = win.page.waitForEvent('download')
  await win.button('Save a report…').click()
  const saved = await saving
  expect(saved.suggestedFilename()).toMatch(/^slipway-diagnostics-\d{4}-\d{2}-\d{2}\.txt$/)
  const text = await readFile(await saved.path(), 'utf8')
  expect(text).toContain('== Checks')
  expect(text).toMatch(/^good +engine: /m)
})
