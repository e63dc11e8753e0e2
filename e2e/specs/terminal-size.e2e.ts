import { startFaultProxy } from '../../testing/fault-proxy/fault-proxy'
import { runSleeper } from '../fixtures/containers'
import { dockerOf } from '../fixtures/docker'
import { expect, test } from '../fixtures/test'
import { TerminalScreen } from '../pages/terminal-screen'

test('a window that is resized before its terminal has begun is the size that the program finds', async ({
  ownEngine,
  ownApp,
  openWindow,
  lab,
}) => {
  test.setTimeout(120_000)
  const engine = await ownEngine()
  await runSleeper(dockerOf(engine.socket, lab.dockerConfig), 'slow-starter')
  const proxy = await startFaultProxy(engine.socket, `/tmp/slt-slow-start-${process.pid}.sock`)
  try {
    const win = await openWindow(await ownApp({ dockerHost: `unix://${proxy.socketPath}` }))
    await win.isReady()
    const row = win.list('Containers').row('slow-starter')
    await expect(row).toContainText('Running')
    let starts = 0
    let sizes = 0
    proxy.plan(({ path }) => {
      // The first one looks for shells. The second is the terminal's: the engine sees it once it goes on.
      if (/^\/exec\/\w+\/start/.test(path) && ++starts === 2) engine.sigstop()
      // The size of the opening arrives late: one that is told meanwhile must not be overtaken by it.
      return /^\/exec\/\w+\/resize/.test(path) && ++sizes === 1 ? { delayMs: 1500 } : undefined
    })
    await win.button('Show the terminal').click()
    const dock = win.page.getByRole('region', { name: 'Terminals' })
    await dock.getByRole('button', { name: 'New terminal' }).click()
    await win.choose('slow-starter')
    try {
      await expect.poll(() => starts).toBe(2)
      await win.page.setViewportSize({ width: 1000, height: 700 })
      await expect(dock).toContainText('Opening a shell…')
    } finally {
      engine.sigcont()
    }
    const screen = new TerminalScreen(win.page, dock)
    await screen.isReady()
    await win.page.setViewportSize({ width: 900, height: 650 })
    await expect.poll(() => sizes, { timeout: 30_000 }).toBeGreaterThan(1)
    // Said by the program once all that was on its way has arrived.
    await screen.run('sleep 2; clear; echo "size $(stty size) ends"')
    await screen.shows(/size \d+ \d+ ends/)
    const [, rows, cols] = /size (\d+) (\d+) ends/.exec((await screen.rows.textContent()) ?? '') ?? []
    expect(Number(rows)).toBe(await screen.rows.locator('> div').count())
    expect({ rows, cols }).not.toEqual({ rows: '24', cols: '80' })
  } finally {
    await proxy.close()
  }
})
