import { barriers } from '../fixtures/barriers'
import { lookAtEveryPage, makeShown } from '../fixtures/every-page'
import { expect, test } from '../fixtures/test'

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no page has serious barriers, ${colorScheme}`, async ({ ownApp, openWindow, docker }) => {
    test.setTimeout(240_000)
    const app = await ownApp()
    const win = await openWindow(app, { colorScheme })
    await win.isReady()
    const shown = await makeShown(app, docker)
    await lookAtEveryPage(win, shown, async (place) => {
      expect.soft(await barriers(win.page), place).toEqual([])
    })
  })
}

test('the palette and a dialog have no serious barriers', async ({ win }) => {
  await win.page.keyboard.press('Control+k')
  await expect(win.page.getByPlaceholder('Go to, find or do…')).toBeFocused()
  expect.soft(await barriers(win.page), 'palette').toEqual([])
  await win.page.keyboard.press('Escape')
  await win.goTo('Networks')
  await win.button('Create…').click()
  await win.dialogHasFocus()
  expect.soft(await barriers(win.page), 'dialog').toEqual([])
})
