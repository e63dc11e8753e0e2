import { barriers } from '../fixtures/barriers'
import { projectLabels, runSleeper } from '../fixtures/containers'
import { expect, test } from '../fixtures/test'

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no page has serious barriers, ${colorScheme}`, async ({ app, openWindow, docker }) => {
    test.setTimeout(180_000)
    const id = await runSleeper(docker, 'seen-by-all', ...projectLabels('shop', 'web'), '-v', 'data:/data')
    const win = await openWindow(app, { colorScheme })
    await win.isReady()
    await expect(win.list('Containers').row('seen-by-all')).toBeVisible()
    await win.list('Containers').openRow('seen-by-all')
    await expect(win.page.getByRole('tab', { name: 'Logs' })).toBeVisible()
    const engine = /containers\/([^/]+)\//.exec(win.page.url())?.[1] ?? ''
    const own = [
      'logs',
      'terminal',
      'files',
      'files?file=/etc/hostname',
      'stats',
      'changes',
      'processes',
      'inspect',
      'connections',
      'health',
    ]
    const paths = [
      ...own.map((tab) => `/containers/${engine}/${id}/${tab}`),
      ...['/containers', '/run', '/images', '/volumes', '/networks', '/activity', '/settings', '/engine'],
    ]
    for (const path of paths) {
      await win.open(path)
      await expect(win.page.getByRole('heading', { level: 1 })).toBeVisible()
      await expect(win.page.locator('.state-panel--loading')).toHaveCount(0)
      expect.soft(await barriers(win.page), path).toEqual([])
    }
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
