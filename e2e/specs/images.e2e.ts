import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { imageTar, loadImage } from '../../testing/engine/images'
import { startFaultProxy } from '../../testing/fault-proxy/fault-proxy'
import { runSleeper } from '../fixtures/containers'
import { expect, test } from '../fixtures/test'
import type { AppWindow } from '../pages/app-window'

const busybox = 'slipway-test/busybox:latest'

/** A tiny image of its own, so that a spec may remove it. */
const tinyTar = (reference: string): Buffer =>
  imageTar({ reference, layers: [[{ name: 'hello', data: reference }]], config: { Cmd: ['/hello'] } })

const load = (win: AppWindow, name: string, tar: Buffer): Promise<void> =>
  win.choosesFile(win.headButton('Load from file…'), name, tar)

test('an image gets a second tag and loses it again', async ({ win, docker }) => {
  await win.goTo('Images')
  const list = win.list('Images')
  await list.choose(busybox, 'Tag…')
  const field = win.dialog.getByLabel('New reference')
  await field.fill('bad reference:::')
  await expect(win.dialog.getByRole('button', { name: 'Tag' })).toBeDisabled()
  await field.fill('aaa/second:2')
  await win.confirm('Tag')
  await expect(list.grid).toContainText('1 more')
  expect(await docker('images', '-q', 'aaa/second:2')).not.toBe('')
  await list
    .row('aaa/second:2')
    .or(list.row(busybox))
    .first()
    .click({ button: 'right', position: { x: 60, y: 12 } })
  await win.choose('Remove tag', 'aaa/second:2')
  await expect(list.grid).not.toContainText('1 more')
  expect(await docker('images', '-q', 'aaa/second:2')).toBe('')
})

test('an image is saved to a file and loaded from it again', async ({ win, docker }) => {
  await docker('tag', busybox, 'keep/safe:1')
  await docker('rmi', 'keep/safe:1')
  await win.goTo('Images')
  const list = win.list('Images')
  await load(win, 'tiny.tar', tinyTar('round/trip:1'))
  await expect(list.row('round/trip:1')).toBeVisible({ timeout: 30_000 })
  await list.openMenu('round/trip:1')
  const [download] = await Promise.all([win.page.waitForEvent('download'), win.choose('Save to file')])
  expect(download.suggestedFilename()).toMatch(/\.tar$/)
  const saved = await readFile(await download.path())
  expect(saved.includes('manifest.json')).toBe(true)
  await docker('rmi', 'round/trip:1')
  await expect(list.row('round/trip:1')).toHaveCount(0)
  await load(win, 'again.tar', saved)
  await expect(list.row('round/trip:1')).toBeVisible({ timeout: 30_000 })
  await docker('rmi', 'round/trip:1')
})

test('a save stands in Activity with its bytes while it runs, and is cancelled there', async ({
  ownApp,
  openWindow,
  docker,
  lab,
}) => {
  const reference = 'save/slow:1'
  const layers = [[{ name: 'hello', data: reference }]]
  await loadImage(lab.socket, { reference, layers, config: { Cmd: ['/hello'] } })
  const proxy = await startFaultProxy(lab.socket, `/tmp/slt-slow-save-${process.pid}.sock`)
  try {
    // It never comes to its end by itself: the image has thousands of bytes.
    proxy.plan(({ path }) => (path.startsWith('/images/get') ? { trickleMs: 20 } : undefined))
    const win = await openWindow(await ownApp({ dockerHost: `unix://${proxy.socketPath}` }))
    await win.isReady()
    await win.goTo('Images')
    const saving = win.page.waitForEvent('download')
    await win.list('Images').choose(reference, 'Save to file')
    const download = await saving
    await win.goTo('Activity')
    const row = win.list('Tasks').row(reference)
    await expect(row).toContainText('Save image')
    await row.click()
    // How large the whole will be nobody says.
    await expect(win.page.locator('.task-detail__progress')).toHaveText(/^[1-9][\d.]* k?B/)
    await row.hover()
    await row.getByRole('button', { name: 'Cancel the task' }).click()
    await expect(row).toContainText('Cancelled')
    expect(await download.failure()).not.toBeNull()
    await docker('rmi', reference)
  } finally {
    await proxy.close()
  }
})

/** Larger than what goes up within the window's own connection. */
const largeTar = (reference: string): Buffer =>
  imageTar({ reference, layers: [[{ name: 'a', data: randomBytes(3_000_000) }]], config: { Cmd: ['/a'] } })

test('a large image goes up though the browser breaks its request off', async ({
  win,
  docker,
  consoleWatch,
}) => {
  consoleWatch.expect(/ERR_CONNECTION_ABORTED \(\S+\/upload\//)
  let broken = 0
  await win.page.route('**/upload/*', (route) =>
    broken++ < 2 ? route.abort('connectionaborted') : route.continue(),
  )
  await win.goTo('Images')
  await load(win, 'large.tar', largeTar('large/one:1'))
  await expect(win.list('Images').row('large/one:1')).toBeVisible({ timeout: 30_000 })
  expect(broken).toBe(3)
  await docker('rmi', 'large/one:1')
})

test('a load shows how many bytes of how many went, and how fast', async ({ win, docker }) => {
  const { page } = win
  const network = await page.context().newCDPSession(page)
  const sendAt = (uploadThroughput: number): Promise<unknown> =>
    network.send('Network.emulateNetworkConditions', {
      ...{ offline: false, latency: 0, downloadThroughput: -1 },
      uploadThroughput,
    })
  await sendAt(300_000)
  await win.goTo('Images')
  await load(win, 'thin.tar', largeTar('large/thin:1'))
  await win.goTo('Activity')
  const row = win.list('Tasks').row('thin.tar')
  await row.click()
  const progress = page.locator('.task-detail__progress')
  await expect(progress).toContainText(/^[1-9][\d.]* [kM]B of 3 MB · [1-9][\d.]* [kM]?B\/s$/)
  await expect(progress.getByRole('progressbar')).toHaveAttribute('aria-valuenow', /^[1-9]\d?$/)
  await sendAt(-1)
  await expect(row).toContainText('Done', { timeout: 30_000 })
  await docker('rmi', 'large/thin:1')
})

test('a load that the engine does not take is cancelled in Activity', async ({ ownApp, openWindow, lab }) => {
  const proxy = await startFaultProxy(lab.socket, `/tmp/slt-no-load-${process.pid}.sock`)
  try {
    proxy.plan(({ path }) => (path.startsWith('/images/load') ? { stall: true } : undefined))
    const win = await openWindow(await ownApp({ dockerHost: `unix://${proxy.socketPath}` }))
    await win.isReady()
    await win.goTo('Images')
    const request = win.page.waitForRequest('**/upload/*')
    await load(win, 'stuck.tar', largeTar('large/stuck:1'))
    const sent = await request
    await win.goTo('Activity')
    const row = win.list('Tasks').row('stuck.tar')
    await expect(row).toContainText('Load image')
    await row.hover()
    await row.getByRole('button', { name: 'Cancel the task' }).click()
    await expect(row).toContainText('Cancelled')
    // The browser holds nothing of the file any more.
    await expect.poll(async () => sent.failure() ?? (await sent.response())?.status()).toBeTruthy()
    await expect(win.toasts.getByRole('alert')).toHaveCount(0)
  } finally {
    await proxy.close()
  }
})

test('a file that is no image is refused in words', async ({ win, docker }) => {
  await win.goTo('Images')
  const held = new Set((await docker('images', '-q', '--no-trunc')).split('\n')).size
  await expect(win.list('Images').rows).toHaveCount(held)
  await load(win, 'holiday.tar', Buffer.alloc(50_000, 'not a tar at all '))
  await expect(win.toasts.getByRole('alert')).toContainText('The image data is damaged or of the wrong kind')
  await expect(win.list('Images').rows).toHaveCount(held)
})

test('clean-up of images lists what goes and how big it is', async ({ win, docker }) => {
  await win.goTo('Images')
  const list = win.list('Images')
  for (const reference of ['idle/one:1', 'idle/two:1']) await load(win, 'x.tar', tinyTar(reference))
  await expect(list.row('idle/two:1')).toBeVisible({ timeout: 30_000 })
  await expect(list.row('idle/one:1')).toBeVisible({ timeout: 30_000 })
  await win.button('Clean up…').click()
  await win.dialog.getByRole('checkbox', { name: 'Also images that have tags' }).click()
  const lines = win.dialog.getByRole('listitem')
  await expect(lines.filter({ hasText: 'idle/one:1' })).toContainText(/\d+(\.\d+)? (B|kB)/)
  for (const line of await lines.filter({ hasNotText: 'idle/one:1' }).all())
    await line.getByRole('checkbox').click()
  await win.confirm('Remove 1')
  await expect(list.row('idle/one:1')).toHaveCount(0)
  await expect(list.row('idle/two:1')).toBeVisible()
  await docker('rmi', 'idle/two:1')
})

test('an image in use says by whom, and cannot be removed without force, nor while that runs', async ({
  win,
  docker,
}) => {
  await runSleeper(docker, 'user-of-it')
  await win.goTo('Images')
  const list = win.list('Images')
  await expect(list.row(busybox)).toContainText('user-of-it')
  await list.choose(busybox, 'Remove…')
  const remove = win.dialog.getByRole('button', { name: 'Remove', exact: true })
  await expect(win.dialog).toContainText('Used by user-of-it')
  await expect(remove).toBeDisabled()
  // From under one that runs the engine takes it by no force.
  const force = win.dialog.getByRole('checkbox', { name: /used by stopped containers/ })
  await force.click()
  await expect(remove).toBeDisabled()
  await docker('stop', '-t', '0', 'user-of-it')
  await expect(remove).toBeEnabled()
  await force.click()
  await expect(remove).toBeDisabled()
  await win.page.keyboard.press('Escape')
  await expect(list.row(busybox)).toBeVisible()
})

test('images are removed: one by its name, one that lost its name, a used one by force', async ({
  win,
  docker,
}) => {
  await win.goTo('Images')
  const list = win.list('Images')
  await load(win, 'first.tar', tinyTar('gone/one:1'))
  await expect(list.row('gone/one:1')).toBeVisible({ timeout: 30_000 })
  const first = await docker('images', '-q', '--no-trunc', 'gone/one:1')
  await load(win, 'second.tar', largeTar('gone/one:1'))
  await expect.poll(() => docker('images', '-q', '--no-trunc', 'gone/one:1')).not.toBe(first)
  await win.select('Show', 'Untagged')
  await expect(list.rows).toHaveCount(1)
  await list.choose('untagged', 'Remove…')
  await win.confirm('Remove')
  await expect(list.rows).toHaveCount(0)
  await expect(docker('inspect', first)).rejects.toThrow()
  await win.select('Show', 'All')
  await docker('create', '--name', 'holder', 'gone/one:1')
  await expect(list.row('gone/one:1')).toContainText('holder')
  await list.choose('gone/one:1', 'Remove…')
  await win.dialog.getByRole('checkbox').click()
  await win.confirm('Remove')
  await expect(list.row('gone/one:1')).toHaveCount(0)
  expect(await docker('images', '-q', 'gone/one:1')).toBe('')
})

test('the page of an image shows layers, configuration and users', async ({ win, docker }) => {
  await runSleeper(docker, 'reader')
  await win.goTo('Images')
  await win.list('Images').openRow(busybox)
  const layers = win.page.getByRole('list', { name: 'Layers' })
  await expect(layers.getByRole('listitem')).toHaveCount(2)
  await win.page.getByRole('tab', { name: 'Configuration' }).click()
  await expect(win.page.getByText('PATH', { exact: true })).toBeVisible()
  await win.page.getByRole('tab', { name: /^Used by/ }).click()
  await win.page.getByRole('link', { name: 'reader' }).click()
  await expect(win.page.getByRole('heading', { level: 1, name: 'reader' })).toBeVisible()
})

test('a wrong reference is told in the field, and nothing is pulled', async ({ win }) => {
  await win.goTo('Images')
  await win.headButton('Pull…').click()
  await win.dialog.getByRole('combobox', { name: 'Reference' }).fill('team/UPPER')
  await expect(win.dialog.getByText('Repository names are lower case')).toBeVisible()
  await expect(win.dialog.getByRole('button', { name: 'Pull', exact: true })).toBeDisabled()
})

test('a wrong or taken tag is told in the dialog', async ({ win, docker }) => {
  await win.goTo('Images')
  await win.list('Images').choose(busybox, 'Tag…')
  const field = win.dialog.getByRole('textbox')
  await field.fill('Big/Name:1')
  await expect(win.dialog.getByText('Repository names are lower case')).toBeVisible()
  await expect(win.dialog.getByRole('button', { name: 'Tag', exact: true })).toBeDisabled()
  await field.fill(busybox)
  await expect(win.dialog.getByRole('button', { name: 'Tag', exact: true })).toBeDisabled()
  await win.dialog.getByRole('button', { name: 'Cancel' }).click()
  expect(await docker('images', '-q', 'Big/Name')).toBe('')
})

test('an image is run from its menu, and its layers say which other image has them too', async ({
  win,
  docker,
}) => {
  await docker('create', '--name', 'grown', busybox, 'true')
  await docker('commit', 'grown', 'grown/image:1')
  await docker('rm', 'grown')
  await win.goTo('Images')
  await win.list('Images').openRow('grown/image:1')
  const shared = win.page
    .getByRole('list', { name: 'Layers' })
    .getByRole('listitem')
    .filter({ hasText: 'Shared with' })
  await shared.first().click()
  await expect(win.page.getByText(busybox).first()).toBeVisible()
  await win.goTo('Images')
  await win.list('Images').choose('grown/image:1', 'Run…')
  await expect(win.page.getByRole('heading', { level: 1, name: 'Run a container' })).toBeVisible()
  await expect(win.page.getByRole('combobox', { name: 'Image' })).toHaveValue('grown/image:1')
})
