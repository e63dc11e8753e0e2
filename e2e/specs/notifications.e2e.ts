import { runShell, runSleeper } from '../fixtures/containers'
import type { RunningApp } from '../fixtures/running-app'
import { expect, test, type WindowOptions } from '../fixtures/test'
import type { AppWindow } from '../pages/app-window'

interface Told {
  readonly title: string
  readonly body: string
}

/** A window whose notifications are kept instead of shown. */
async function openRecording(
  openWindow: (app: RunningApp, options: WindowOptions) => Promise<AppWindow>,
  app: RunningApp,
): Promise<{ readonly win: AppWindow; readonly told: () => Promise<Told[]> }> {
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
  await win.reload()
  await win.isReady()
  return {
    win,
    told: () => win.page.evaluate(() => (window as unknown as { told: Told[] }).told),
  }
}

test('a container that dies by itself or turns unhealthy is notified, one that is stopped is not', async ({
  app,
  openWindow,
  docker,
}) => {
  const { win, told } = await openRecording(openWindow, app)
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
  await expect.poll(told).toContainEqual({ title: 'dies-alone has ended unexpectedly', body: 'Exit code 7' })
  await expect.poll(told).toContainEqual({ title: 'falls-ill is unhealthy', body: '' })
  expect((await told()).filter(({ title }) => title.includes('stopped-by-us'))).toEqual([])
})

test('what is switched off in Settings is not notified', async ({ ownApp, openWindow, docker }) => {
  const app = await ownApp()
  const { win, told } = await openRecording(openWindow, app)
  await win.goTo('Settings')
  const notifies = win.page.getByRole('switch', { name: 'When a container ends unexpectedly' })
  // What one window shows of another's change is what core has by then.
  const other = await openWindow(app)
  const toggle = async (): Promise<void> => {
    await other.goTo('Settings')
    await other.page.getByRole('switch', { name: 'When a container ends unexpectedly' }).click()
  }
  await toggle()
  await expect(notifies).not.toBeChecked()
  await runShell(docker, 'dies-unnoticed', 'exit 7')
  await other.goTo('Containers')
  await expect(other.list('Containers').row('dies-unnoticed')).toContainText('Exited (7)')
  await toggle()
  await expect(notifies).toBeChecked()
  await runShell(docker, 'dies-noticed', 'exit 8')
  await expect.poll(told).toEqual([{ title: 'dies-noticed has ended unexpectedly', body: 'Exit code 8' }])
})
