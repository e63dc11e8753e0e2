import { runSleeper } from '../fixtures/containers'
import { expect, test } from '../fixtures/test'
import type { AppWindow } from '../pages/app-window'
import { placeOf, TerminalScreen } from '../pages/terminal-screen'

async function openTerminal(win: AppWindow, name: string): Promise<TerminalScreen> {
  await win.list('Containers').openRow(name)
  await win.page.getByRole('tab', { name: 'Terminal' }).click()
  const screen = new TerminalScreen(win.page, win.page.getByRole('tabpanel'))
  await screen.isReady()
  return screen
}

/** A text that leads to an address it does not show (OSC 8). */
const hidden = (address: string, text: string): string =>
  `clear; printf '\\033]8;;${address}\\033\\\\${text}\\033]8;;\\033\\\\\\n'`

test('a hidden link of a terminal says where it leads before it is opened', async ({ win, docker }) => {
  await runSleeper(docker, 'linker')
  const screen = await openTerminal(win, 'linker')
  await win.page.context().route('http://links.example/**', (route) => route.fulfill({ body: 'arrived' }))
  await screen.run(hidden('http://links.example/secret?x=1', 'innocent words'))
  const link = screen.rows.getByText('innocent words', { exact: true })
  const pages = (): number => win.page.context().pages().length
  await screen.clickLink(link)
  await expect(win.dialog).toContainText('Open this address?')
  await expect(win.dialog).toContainText('links.example')
  await expect(win.dialog.getByText('http://links.example/secret?x=1')).toBeVisible()
  expect(pages()).toBe(1)
  await win.dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(win.dialog).toHaveCount(0)
  expect(pages()).toBe(1)
  await screen.clickLink(link)
  const [opened] = await Promise.all([
    win.page.context().waitForEvent('page'),
    win.dialog.getByRole('button', { name: 'Open', exact: true }).click(),
  ])
  await expect(opened.locator('body')).toHaveText('arrived')
  expect(opened.url()).toBe('http://links.example/secret?x=1')
  // It cannot reach back into the window.
  expect(await opened.evaluate(() => window.opener === null)).toBe(true)
  await opened.close()
})

test('a hidden link to anything but the web, or with a second host in it, opens nothing', async ({
  win,
  docker,
}) => {
  await runSleeper(docker, 'linker')
  const screen = await openTerminal(win, 'linker')
  const addresses = ['javascript:document.title=1', 'file:///etc/passwd', 'http://bank.example@evil.example/']
  for (const [n, address] of addresses.entries()) {
    await screen.run(hidden(address, `tempting words ${n}`))
    const link = screen.rows.getByText(`tempting words ${n}`, { exact: true })
    await expect(link).toBeVisible()
    for (const x of [6, 12, 18])
      await expect(async () => {
        const box = await placeOf(link)
        await win.page.mouse.move(box.x + x, box.y + 7)
        await win.page.mouse.click(box.x + x, box.y + 7)
      }).toPass({ timeout: 30_000 })
    // A later word of the terminal has come back: the click would have been answered by now.
    await screen.run(`echo still $((20 + ${n})) here`)
    await screen.shows(`still 2${n} here`)
    await expect(win.dialog).toHaveCount(0)
    expect(win.page.context().pages()).toHaveLength(1)
  }
  expect(await win.page.title()).toContain('Slipway')
})

test('an address in plain sight opens at a click', async ({ win, docker }) => {
  await runSleeper(docker, 'linker')
  const screen = await openTerminal(win, 'linker')
  await screen.opensAddress()
})
