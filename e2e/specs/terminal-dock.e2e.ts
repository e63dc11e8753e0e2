import { runSleeper } from '../fixtures/containers'
import { expect, test } from '../fixtures/test'
import type { AppWindow } from '../pages/app-window'
import { TerminalScreen } from '../pages/terminal-screen'

/** A terminal of the host in the dock of an app of its own: the dock is in its settings. */
async function openHostShell(win: AppWindow): Promise<TerminalScreen> {
  await win.isReady()
  await win.button('Show the terminal').click()
  const dock = win.page.getByRole('region', { name: 'Terminals' })
  await dock.getByRole('button', { name: 'Host shell' }).click()
  const screen = new TerminalScreen(win.page, dock)
  await screen.isReady()
  return screen
}

test('the dock holds host and container shells over pages and reloads, with their scrollback', async ({
  ownApp,
  openWindow,
  docker,
  lab,
}) => {
  test.setTimeout(120_000)
  await runSleeper(docker, 'docked')
  const win = await openWindow(await ownApp())
  const screen = await openHostShell(win)
  const dock = win.page.getByRole('region', { name: 'Terminals' })
  await screen.run('echo "host is $DOCKER_HOST"')
  await screen.shows(`host is unix://${lab.socket}`)
  await screen.run('seq 1 500; echo counted-$((499 + 1))')
  await screen.shows('counted-500')
  await win.goTo('Images')
  await expect(dock).toBeVisible()
  await dock.getByRole('button', { name: 'New terminal' }).click()
  await win.choose('docked')
  await expect(dock.getByRole('tab')).toHaveCount(2)
  // Until then the keys are the host's.
  await expect(dock.getByRole('tab').nth(1)).toHaveAttribute('aria-selected', 'true')
  await screen.isReady()
  await screen.run('echo inside $(hostname) && KEPT=yes')
  await screen.shows(/inside [0-9a-f]{12}/)
  await win.reload()
  await expect(dock.getByRole('tab')).toHaveCount(2)
  await screen.shows(/inside [0-9a-f]{12}/)
  await screen.run('echo "still $KEPT"')
  await screen.shows('still yes')
  await dock.getByRole('tab').first().click()
  await screen.shows('counted-500')
  await dock.locator('.xterm-screen:visible').click()
  await expect(async () => {
    await win.page.keyboard.press('Shift+PageUp')
    await expect(screen.rows).toContainText('host is unix://', { timeout: 200 })
  }).toPass({ timeout: 60_000, intervals: [50] })
})

test('a size reaches the program, and search finds in the scrollback', async ({
  ownApp,
  openWindow,
  docker,
}) => {
  await runSleeper(docker, 'sized')
  const win = await openWindow(await ownApp())
  await win.isReady()
  await win.list('Containers').openRow('sized')
  await win.page.getByRole('tab', { name: 'Terminal' }).click()
  const screen = new TerminalScreen(win.page, win.page.getByRole('tabpanel'))
  await screen.isReady()
  await screen.run('stty size')
  await screen.shows(/\d+ \d+/)
  const before = /(\d+) (\d+)/.exec((await screen.rows.textContent()) ?? '')?.[2]
  await win.page.setViewportSize({ width: 900, height: 600 })
  // The new size follows once the window has stopped changing: the program is asked until it has heard.
  await expect(async () => {
    await screen.run('clear; stty size')
    await screen.shows(/\d+ \d+/)
    expect(/(\d+) (\d+)/.exec((await screen.rows.textContent()) ?? '')?.[2]).not.toBe(before)
  }).toPass({ timeout: 30_000 })
  await screen.run('clear; seq 1 300; echo needle-in-hay; seq 1 300; echo all-out-$((40 + 2))')
  await screen.shows('all-out-42')
  await win.page.keyboard.press('Control+Shift+f')
  await win.page.getByRole('searchbox', { name: 'Search in terminal' }).fill('needle-in-hay')
  await expect(win.page.getByText(/^\d+ of \d+$/)).toBeVisible()
})

test('text is copied out of a terminal and pasted into it, and never run by itself', async ({
  win,
  docker,
}) => {
  await runSleeper(docker, 'copied-from')
  await win.list('Containers').openRow('copied-from')
  await win.page.getByRole('tab', { name: 'Terminal' }).click()
  const screen = new TerminalScreen(win.page, win.page.getByRole('tabpanel'))
  await screen.isReady()
  await screen.run('clear; echo copy-$((20 + 1))')
  await screen.shows('copy-21')
  await screen.rows.getByText('copy-21', { exact: true }).dblclick({ force: true })
  await win.page.keyboard.press('Control+Shift+C')
  await expect.poll(() => win.clipboard()).toBe('copy-21')
  await win.page.evaluate(() => navigator.clipboard.writeText('echo pasted-$((30 + 1))'))
  await win.page.locator('.xterm-screen:visible').click()
  await win.page.keyboard.press('Control+Shift+V')
  await screen.shows('echo pasted-$((30 + 1))')
  await expect(screen.rows).not.toContainText('pasted-31')
  await win.page.keyboard.press('Enter')
  await screen.shows('pasted-31')
})

/** Drags the border of the dock upwards. */
async function growDock({ page }: AppWindow, byPx: number): Promise<void> {
  const bar = await page.getByRole('separator', { name: 'Height of the terminal' }).boundingBox()
  if (!bar) throw new Error('The dock has no border')
  const [x, y] = [bar.x + bar.width / 2, bar.y + bar.height / 2]
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x, y - byPx, { steps: 4 })
  await page.mouse.up()
}

test('the host’s shell in the dock hears of its size, is copied from, pasted into and searched, and its links open', async ({
  ownApp,
  openWindow,
}) => {
  const win = await openWindow(await ownApp())
  const screen = await openHostShell(win)
  const { keyboard } = win.page
  await test.step('size', async () => {
    const before = await screen.size()
    await growDock(win, 120)
    await expect.poll(async () => (await screen.size()).rows).toBeGreaterThan(before.rows + 3)
    expect((await screen.size()).cols).toBe(before.cols)
    await win.page.setViewportSize({ width: 900, height: 800 })
    await expect.poll(async () => (await screen.size()).cols).toBeLessThan(before.cols)
  })
  await test.step('copy and paste', async () => {
    await screen.run('clear; echo copy-$((20 + 1))')
    await screen.shows('copy-21')
    await screen.rows.getByText('copy-21', { exact: true }).dblclick({ force: true })
    await keyboard.press('Control+Shift+C')
    await expect.poll(() => win.clipboard()).toBe('copy-21')
    await win.page.evaluate(() => navigator.clipboard.writeText('echo pasted-$((30 + 1))'))
    await screen.rows.click({ button: 'right', force: true })
    await win.choose('Paste')
    await screen.shows('echo pasted-$((30 + 1))')
    await expect(screen.rows).not.toContainText('pasted-31')
    await keyboard.press('Enter')
    await screen.shows('pasted-31')
  })
  await test.step('a link', () => screen.opensAddress())
  await test.step('search in what has gone off the screen', async () => {
    await screen.run('clear; echo needle-$((40 + 2)); seq 1 300; echo all-out-$((50 + 3))')
    await screen.shows('all-out-53')
    await expect(screen.rows).not.toContainText('needle-42')
    await keyboard.press('Control+Shift+f')
    await win.page.getByRole('searchbox', { name: 'Search in terminal' }).fill('needle-42')
    await expect(win.page.getByText('1 of 1', { exact: true })).toBeVisible()
    await screen.shows('needle-42')
  })
})

test('ten thousand lines of scrollback are kept, the oldest go first', async ({ win, docker }) => {
  await runSleeper(docker, 'scrolled')
  await win.list('Containers').openRow('scrolled')
  await win.page.getByRole('tab', { name: 'Terminal' }).click()
  const screen = new TerminalScreen(win.page, win.page.getByRole('tabpanel'))
  await screen.isReady()
  await screen.run('clear; seq -w 1 12000; echo all-out-$((40 + 2))')
  await screen.shows('all-out-42')
  await win.page.keyboard.press('Control+Shift+f')
  const search = win.page.getByRole('searchbox', { name: 'Search in terminal' })
  await search.fill('03000')
  await expect(win.page.getByText(/^1 of 1$/)).toBeVisible()
  await search.fill('01000')
  await expect(win.page.getByText('No match')).toBeVisible()
})
