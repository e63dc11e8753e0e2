import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '../fixtures/test'

test('a damaged settings file is put aside, its last good copy is used, and the person is told', async ({
  ownApp,
  ownFolder,
  openWindow,
}) => {
  const home = await ownFolder('settings')
  const first = await ownApp({ home })
  const before = await openWindow(first)
  await before.isReady()
  await before.goTo('Settings')
  await before.select('Theme', 'Dark')
  const file = join(home, 'settings.json')
  await expect.poll(() => readFile(file, 'utf8').catch(String)).toContain('"theme": "dark"')
  // Before its core goes: it would ask for it anew.
  await before.page.close()
  await first.stop()
  await writeFile(file, '{"theme": "da')
  const win = await openWindow(await ownApp({ home }))
  await expect(win.toasts).toContainText('The settings file was damaged')
  await win.isReady()
  await win.goTo('Settings')
  await expect(win.page.getByRole('combobox', { name: 'Theme' })).toContainText('Dark')
  expect((await readdir(home)).filter((name) => name.startsWith('settings.bad-'))).toHaveLength(1)
})
