import type { Locator } from '@playwright/test'
import { readFile } from 'node:fs/promises'
import { loadImage } from '../../testing/engine/images'
import { agentCard } from '../fixtures/agent'
import { barriers } from '../fixtures/barriers'
import { known, knownImage, knownWaste, other, otherImage } from '../fixtures/known-layers'
import type { Lab } from '../fixtures/lab'
import { expect, test } from '../fixtures/test'
import type { AppWindow } from '../pages/app-window'

const load = (lab: Lab): Promise<unknown> =>
  Promise.all([loadImage(lab.socket, known), loadImage(lab.socket, other)])
const tree = (win: AppWindow) => win.page.getByRole('treegrid', { name: 'Files of the layer' })
const line = (win: AppWindow, name: string | RegExp) => tree(win).getByRole('row', { name })
const layerList = (win: AppWindow) => win.page.getByRole('list', { name: 'Layers', exact: true })

/** Core runs as root beside this engine: its agent is a child, which needs no word of anybody. */
async function agentServes(win: AppWindow): Promise<void> {
  await win.isReady()
  await win.open('/engine')
  await expect(agentCard(win)).toContainText(/of a core, .*MiB of memory/, { timeout: 60_000 })
  await win.goTo('Containers')
}

async function openKnown(win: AppWindow): Promise<void> {
  await win.isReady()
  await win.goTo('Images')
  await win.list('Images').openRow(knownImage)
  await expect(layerList(win).getByRole('listitem')).toHaveCount(3)
}

/** `13.0 kB` for the bytes that the fixture wastes. */
const wasted = `${(knownWaste / 1000).toFixed(1).replace(/\.0$/, '')} kB wasted`

for (const road of ['agent', 'save'] as const) {
  test(`each layer's changes, waste and contents are shown, by ${road}`, async ({
    lab,
    ownApp,
    openWindow,
  }) => {
    test.setTimeout(180_000)
    await load(lab)
    const win = await openWindow(await ownApp({ env: { SLIPWAY_AGENT: road === 'save' ? 'off' : 'child' } }))
    if (road === 'agent') await agentServes(win)
    await openKnown(win)
    await expect(win.page.getByText(wasted, { exact: true }).first()).toBeVisible({ timeout: 60_000 })
    const slow = win.page.getByText('Read through the engine’s export.')
    await expect(slow).toHaveCount(road === 'save' ? 1 : 0)

    await layerList(win).getByRole('button').nth(1).click()
    await win.button('This layer').click()
    await line(win, /etc/).click()
    await win.page.keyboard.press('ArrowRight')
    await expect(line(win, /Changed app\.conf/)).toBeVisible()
    await expect(line(win, /Added new\.txt/)).toBeVisible()
    await line(win, /opt/).click()
    await win.page.keyboard.press('ArrowRight')
    await expect(line(win, /Removed gone\.bin/)).toContainText('10 kB')

    await line(win, /app\.conf/).dblclick()
    await expect(win.page.locator('.cm-content')).toContainText('port=8080', { timeout: 20_000 })
    await win.page.getByRole('tab', { name: 'In each layer' }).click()
    await expect(win.page.locator('.cm-merge-a')).toContainText('port=80', { timeout: 20_000 })
    await expect(win.page.locator('.cm-merge-b')).toContainText('port=8080')
    await expect(win.page.getByText('1 difference', { exact: true })).toBeVisible()
    expect.soft(await barriers(win.page)).toEqual([])

    await win.reload()
    await expect(win.page.locator('.cm-merge-b')).toContainText('port=8080', { timeout: 60_000 })
    await expect(line(win, /app\.conf/)).toHaveAttribute('aria-selected', 'true')
    const download = win.page.waitForEvent('download')
    await win.button('Download').first().click()
    expect(await readFile(await (await download).path(), 'utf8')).toBe('port=8080\nname=shop\ndebug=no\n')
  })
}

test('an opaque folder takes away what was below; the map and the waste lead to the file', async ({
  lab,
  win,
}) => {
  await load(lab)
  await openKnown(win)
  await layerList(win).getByRole('button').nth(2).click()
  await win.button('This layer').click()
  await line(win, /var/).click()
  for (const key of ['ArrowRight', 'ArrowDown']) await win.page.keyboard.press(key)
  await expect(line(win, /cache/)).toHaveAttribute('aria-selected', 'true')
  await win.page.keyboard.press('ArrowRight')
  await expect(line(win, /Removed a/)).toBeVisible()
  await expect(line(win, /Added b/)).toBeVisible()

  await win.page.getByRole('tab', { name: 'Wasted space' }).click()
  const waste = win.page.getByRole('grid', { name: 'Wasted space' })
  await expect(waste.getByRole('row')).toHaveCount(4)
  await expect(waste.getByRole('row').nth(1)).toContainText('removed by layer 2')
  await waste.getByRole('button', { name: '/opt/gone.bin' }).click()
  await expect(line(win, /Removed gone\.bin/)).toHaveAttribute('aria-selected', 'true')

  await win.button('All so far').click()
  await win.page.getByRole('tab', { name: 'Map of sizes' }).click()
  await win.page.getByRole('navigation', { name: 'Folder' }).getByRole('button', { name: '/' }).click()
  const map = win.page.getByRole('list', { name: 'Sizes in /', exact: true })
  await map.getByRole('button', { name: /^bin,/ }).click()
  await win.page.getByRole('button', { name: /^busybox,/ }).press('Enter')
  await expect(line(win, /busybox/).first()).toBeVisible()
  expect.soft(await barriers(win.page)).toEqual([])
})

test('two images are compared: files, configuration, and the layer that they share', async ({ lab, win }) => {
  await load(lab)
  await openKnown(win)
  await win.button('Compare…').click()
  await win.page.getByRole('button', { name: otherImage }).click()
  await expect(win.page.getByText(/1 layer of .* is the same in both/)).toBeVisible({ timeout: 60_000 })
  const files = win.page.getByRole('treegrid', { name: 'Files of both images' })
  await files.getByRole('row', { name: /etc/ }).click()
  await win.page.keyboard.press('ArrowRight')
  await expect(files.getByRole('row', { name: /Removed new\.txt/ })).toBeVisible()
  await files.getByRole('row', { name: /Changed app\.conf/ }).click()
  await expect(win.page.locator('.cm-merge-a')).toContainText('port=8080', { timeout: 20_000 })
  await expect(win.page.locator('.cm-merge-b')).toContainText('port=80')
  expect.soft(await barriers(win.page)).toEqual([])
  await win.page.getByRole('tab', { name: /^Configuration/ }).click()
  const mode = win.page.getByRole('row', { name: /MODE/ })
  await expect(mode).toContainText('one')
  await expect(mode).toContainText('two')
})

test('a container tells what it changed while somebody looks', async ({ lab, win, docker }) => {
  await load(lab)
  await docker('run', '-d', '--name', 'changing', knownImage)
  await win.list('Containers').openRow('changing')
  await win.page.getByRole('tab', { name: 'Changes' }).click()
  await expect(win.page.getByText('No changes')).toBeVisible({ timeout: 30_000 })
  await docker('exec', 'changing', 'sh', '-c', 'echo x > /opt/written; echo y > /etc/app.conf')
  const paths = win.page.getByRole('grid', { name: 'Changed paths' })
  await expect(paths).toContainText('written', { timeout: 30_000 })
  await expect(paths).toContainText('app.conf')
})

test('two chosen images are compared from the list', async ({ lab, win }) => {
  await load(lab)
  await win.goTo('Images')
  const list = win.list('Images')
  await list.row(knownImage).getByRole('checkbox').click()
  await list.row(otherImage).getByRole('checkbox').click()
  await win.button('Compare').click()
  await expect(win.page.getByRole('heading', { level: 1, name: 'Compare images' })).toBeVisible()
  await expect(win.page.getByText(/is the same in both/)).toBeVisible({ timeout: 60_000 })
})

test('the page of an image tells when it was made, and dims the steps that add no layer', async ({
  app,
  openWindow,
  docker,
}) => {
  await docker('create', '--name', 'base', 'slipway-test/busybox')
  await docker('commit', '-c', 'ENV SHADE=dim', 'base', 'stepped/image:1')
  const win = await openWindow(app, { timezoneId: 'UTC' })
  await win.isReady()
  await win.goTo('Images')
  await win.list('Images').openRow('stepped/image:1')
  const steps = layerList(win).getByRole('button')
  await expect(steps).toHaveCount(3)
  const [layer, empty] = [steps.nth(1), steps.nth(2)]
  await expect(empty).toContainText('Configuration only: no layer')
  await expect(layer).not.toContainText('Configuration only')
  const colourOf = (step: Locator): Promise<string> =>
    step.locator('bdi').evaluate((command) => getComputedStyle(command).color)
  expect(await colourOf(empty)).not.toBe(await colourOf(layer))
  const about = (step: number) => win.page.getByRole('region', { name: `Step ${step}`, exact: true })
  await empty.click()
  await expect(about(3)).toContainText('Configuration only: no layer')
  await layer.click()
  await expect(about(2)).toContainText('CreatedJan 2, 2024, 3:04:05')
  await win.goTo('Images')
  await win.list('Images').openRow('slipway-test/busybox:latest')
  await win.page.getByRole('tab', { name: 'Configuration' }).click()
  await expect(win.page.locator('.key-values__row').filter({ hasText: 'Created' })).toContainText(
    'Jan 2, 2024, 3:04:05',
  )
})
