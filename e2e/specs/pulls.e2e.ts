import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startFaultyRegistry, type FaultyRegistry } from '../../testing/registry/faulty-registry'
import { expect, test as base } from '../fixtures/test'
import type { AppWindow } from '../pages/app-window'

const test = base.extend<{ registry: FaultyRegistry }>({
  registry: async ({ lab }, use) => {
    const registry = await startFaultyRegistry(lab.registry)
    await use(registry)
    await registry.stop()
  },
})

async function pull(win: AppWindow, reference: string): Promise<void> {
  await win.goTo('Images')
  await win.headButton('Pull…').click()
  await win.dialog.getByRole('combobox', { name: 'Reference' }).fill(reference)
  await win.page.keyboard.press('Enter')
  await expect(win.dialog).toHaveCount(0)
}

test('a pull shows each layer with its bytes, and ends when it is cancelled', async ({
  win,
  registry,
  docker,
}) => {
  // containerd's store counts what it has written, a megabyte at a time.
  registry.faults.stallBlobsAfter = 1_200_000
  const reference = `${registry.host}/team/app:1.0`
  await pull(win, reference)
  await win.goTo('Activity')
  await win.list('Tasks').row(reference).click()
  const parts = win.page.getByRole('region', { name: 'Parts' }).getByRole('listitem')
  await expect(parts).toHaveCount(4, { timeout: 30_000 })
  await expect(parts.filter({ hasText: 'of 1.5 MB' }).first()).toBeVisible({ timeout: 30_000 })
  await expect(win.page.getByRole('progressbar', { name: `Progress of ${reference}` }).first()).toBeVisible()
  await win.page.getByRole('button', { name: 'Cancel', exact: true }).first().click()
  await expect(win.list('Tasks').row(reference)).toContainText('Cancelled')
  registry.release()
  expect(await docker('images', '-q', reference)).toBe('')
})

test('a pull tells its speed while it runs, in Activity and at the top of the window', async ({
  win,
  registry,
}) => {
  // Piece by piece, as over a thin line.
  registry.faults.stallBlobsAfter = 1
  const line = setInterval(() => registry.release(), 200)
  try {
    const reference = `${registry.host}/team/app:1.0`
    await pull(win, reference)
    await win.goTo('Activity')
    await win.list('Tasks').row(reference).click()
    const amount = win.page.locator('.task-detail__progress')
    await expect(amount).toContainText(/of \d+(\.\d+)? MB · [1-9][\d.]* [kM]?B\/s/, { timeout: 30_000 })
    clearInterval(line)
    await win.button('1 task running').click()
    await expect(win.dialog).toContainText(/of \d+(\.\d+)? MB · [\d.]+ [kM]?B\/s/)
    await win.page.keyboard.press('Escape')
    delete registry.faults.stallBlobsAfter
    registry.release()
    await expect(win.list('Tasks').row(reference)).toContainText('Done', { timeout: 30_000 })
    await expect(win.page.getByText(/[\d.]+ [kM]?B\/s/)).toHaveCount(0)
  } finally {
    clearInterval(line)
    registry.release()
  }
})

test('a registry that wants a login, is limited, or has no such image is told in words', async ({
  win,
  registry,
}) => {
  const told = win.toasts.getByRole('alert')
  await pull(win, `${registry.host}/team/never:1`)
  await expect(told.filter({ hasText: 'There is no such image' })).toBeVisible({ timeout: 30_000 })
  registry.faults.login = 'me:secret'
  await pull(win, `${registry.host}/team/app:1.0`)
  await expect(told.filter({ hasText: 'The registry wants a login' })).toBeVisible({ timeout: 30_000 })
  delete registry.faults.login
  registry.faults.status = 429
  await pull(win, `${registry.host}/team/app:1.0`)
  await expect(told.filter({ hasText: 'Too many pulls' })).toBeVisible({ timeout: 60_000 })
})

test('a login of docker’s own configuration is used', async ({
  ownApp,
  openWindow,
  registry,
  docker,
  lab,
}) => {
  registry.faults.login = 'me:secret'
  const config = `${lab.files}-login`
  await mkdir(config, { recursive: true })
  const auth = Buffer.from('me:secret').toString('base64')
  await writeFile(join(config, 'config.json'), JSON.stringify({ auths: { [registry.host]: { auth } } }))
  const win = await openWindow(await ownApp({ dockerConfig: config }))
  await win.isReady()
  const reference = `${registry.host}/team/app:1.0`
  await pull(win, reference)
  await expect(win.list('Images').row(reference)).toBeVisible({ timeout: 30_000 })
  expect(await docker('images', '-q', reference)).not.toBe('')
})
