import type { Page, Route } from '@playwright/test'
import { makeNetNamespace } from '../../testing/ssh-host/net-namespace'
import { coreKilled } from '../fixtures/console-watch'
import { runSleeper } from '../fixtures/containers'
import { expect, test } from '../fixtures/test'
import type { PageName } from '../pages/app-window'
import { untilLoaded } from '../pages/until-loaded'

const entry = /\/assets\/index-[\w-]+\.js$/

/** Breaks off the first request of every file but the entry, as Chromium does when the network changes. */
async function breakFirst(page: Page): Promise<ReadonlySet<string>> {
  const broken = new Set<string>()
  await page.route('**/assets/**', (route: Route) => {
    const url = route.request().url()
    if (broken.has(url) || entry.test(url)) return route.continue()
    broken.add(url)
    return route.abort('connectionaborted')
  })
  return broken
}

test('a window whose every file fails at first stands whole, and so do its pages', async ({
  app,
  browser,
  docker,
}) => {
  await runSleeper(docker, 'steadfast')
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US' })
  try {
    const page = await context.newPage()
    const broken = await breakFirst(page)
    await untilLoaded(() => page.goto(app.url))
    const nav = page.getByRole('navigation', { name: 'Pages' })
    const names: readonly PageName[] = ['Images', 'Volumes', 'Networks', 'Activity', 'Settings', 'Containers']
    for (const name of names) {
      await nav.getByRole('link', { name }).click()
      await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
    }
    await page.getByText('steadfast', { exact: true }).dblclick()
    await page.getByRole('tab', { name: 'Terminal' }).click()
    await expect(page.getByRole('tabpanel').locator('.xterm-rows')).toContainText(/[#$]/, { timeout: 30_000 })
    // The style sheet was among them.
    expect([...broken].filter((url) => url.endsWith('.css'))).toHaveLength(1)
    expect([...broken].filter((url) => url.endsWith('.js')).length).toBeGreaterThan(10)
    const rules = await page.evaluate(() => [...document.styleSheets].map(({ cssRules }) => cssRules.length))
    expect(Math.max(...rules)).toBeGreaterThan(100)
  } finally {
    await context.close()
  }
})

test('pages that nobody has opened are there while core is away', async ({
  ownApp,
  openWindow,
  consoleWatch,
}) => {
  const app = await ownApp()
  const win = await openWindow(app)
  await win.isReady()
  // Each feature's chunk has come by itself.
  const missing = async (): Promise<string[]> => {
    const loaded = await win.page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => name),
    )
    return ['terminal', 'networks', 'settings', 'engine', 'disk', 'machines', 'create'].filter(
      (chunk) => !loaded.some((url) => url.includes(`/assets/${chunk}-`) && url.endsWith('.js')),
    )
  }
  await expect.poll(missing).toEqual([])
  consoleWatch.expect(coreKilled)
  await app.kill9()
  await win.open('/settings')
  await expect(win.page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible()
})

test('the window goes on when interfaces of the host come and go', async ({ win, docker }) => {
  test.skip(process.getuid?.() !== 0, 'only root can make a network interface')
  let sockets = 0
  win.page.on('websocket', () => sockets++)
  const list = win.list('Containers')
  for (const round of [1, 2, 3]) {
    const network = await makeNetNamespace()
    try {
      await runSleeper(docker, `amid-${round}`)
      await expect(list.row(`amid-${round}`)).toContainText('Running')
    } finally {
      await network.remove()
    }
    await docker('rm', '-f', `amid-${round}`)
    await expect(list.row(`amid-${round}`)).toHaveCount(0)
  }
  // An open WebSocket outlives the change: nothing had to be connected anew.
  expect(sockets).toBe(0)
})
