import { runSleeper } from '../fixtures/containers'
import { expect, test } from '../fixtures/test'
import { startFaultProxy } from '../../testing/fault-proxy/fault-proxy'

const broken = { answer: { status: 500, body: '{"message":"layer store is damaged"}' } }

test('a list that the engine refuses and one that hangs say so, the others are shown, and all come by themselves', async ({
  ownApp,
  openWindow,
  docker,
  lab,
}) => {
  await runSleeper(docker, 'still-here', '-v', 'still-held:/data')
  const proxy = await startFaultProxy(lab.socket, `/tmp/slt-no-list-${process.pid}.sock`)
  const breakLists = (): void =>
    proxy.plan(({ path }) => {
      if (path.startsWith('/images/json')) return broken
      return /^\/volumes(\?|$)/.test(path) ? { stall: true } : undefined
    })
  try {
    breakLists()
    const win = await openWindow(await ownApp({ dockerHost: `unix://${proxy.socketPath}` }))
    await win.isReady()
    await expect(win.list('Containers').row('still-here')).toContainText('Running')
    await win.goTo('Networks')
    await expect(win.list('Networks').row('host')).toBeVisible()
    await test.step('one that is refused says why', async () => {
      await win.goTo('Images')
      const told = win.list('Images').grid.getByRole('alert')
      await expect(told).toContainText('does not give this list')
      await expect(told).toContainText('layer store is damaged')
      await expect(told).toContainText('The engine is asked again by itself')
      await told.getByRole('button', { name: 'Ask again now' }).click()
      await expect(told).toContainText('layer store is damaged')
      await expect(win.page.getByText('No images yet')).toHaveCount(0)
    })
    await test.step('one that hangs is being loaded', async () => {
      await win.goTo('Volumes')
      const told = win.list('Volumes').grid.getByRole('status')
      await expect(told).toContainText('takes its time to list')
      await expect(told).toHaveCSS('opacity', '1')
      await expect(win.page.getByText('No volumes yet')).toHaveCount(0)
    })
    await test.step('both come when the engine gives them', async () => {
      proxy.plan(() => undefined)
      await win.goTo('Images')
      await expect(win.list('Images').row('slipway-test/busybox:latest')).toBeVisible({ timeout: 60_000 })
      await expect(win.page.getByText('does not give this list')).toHaveCount(0)
      proxy.cut()
      await win.goTo('Volumes')
      await expect(win.list('Volumes').row('still-held')).toBeVisible({ timeout: 60_000 })
    })
    await test.step('what was known stays, and is said to be old', async () => {
      breakLists()
      proxy.cut()
      await win.goTo('Images')
      await expect(win.page.getByRole('status').filter({ hasText: 'may be old' })).toContainText(
        'layer store is damaged',
        { timeout: 60_000 },
      )
      await expect(win.list('Images').row('slipway-test/busybox:latest')).toBeVisible()
    })
  } finally {
    await proxy.close()
  }
})
