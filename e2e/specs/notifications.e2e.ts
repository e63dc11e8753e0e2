import { runShell, runSleeper } from '../fixtures/containers'
import { expect, test } from '../fixtures/test'

interface Told {
  readonly title: string
  readonly body: string
}

test('a container that dies by itself or turns unhealthy is notified, one that is stopped is not', async ({
  app,
  openWindow,
  docker,
}) => {
  const win = await openWindow(app, { permissions: ['notifications'] })
  await win.page.addInitScript(() => {
    const told: { title: string; body: string }[] = []
    class Recorded {
      static readonly permission = 'granted'
      constructor(title: string, options: { body?: string } = {}) {
        told.push({ title, body: options.body ?? '' })
      }
    }
    Object.assign(window, { Notification: Recorded, told })
  })
  await win.page.reload()
  await win.isReady()
  await runSleeper(docker, 'stopped-by-us')
  await runShell(docker, 'dies-alone', 'sleep 1; exit 7')
  await runSleeper(
    docker,
    'falls-ill',
    '--health-cmd',
    'false',
    '--health-interval',
    '500ms',
    '--health-retries',
    '1',
  )
  await win.list('Containers').choose('stopped-by-us', 'Stop')
  await expect(win.list('Containers').row('stopped-by-us')).toContainText('Exited')
  const told = (): Promise<Told[]> => win.page.evaluate(() => (window as unknown as { told: Told[] }).told)
  await expect.poll(told).toContainEqual({ title: 'dies-alone has ended unexpectedly', body: 'Exit code 7' })
  await expect.poll(told).toContainEqual({ title: 'falls-ill is unhealthy', body: '' })
  expect((await told()).filter(({ title }) => title.includes('stopped-by-us'))).toEqual([])
})
