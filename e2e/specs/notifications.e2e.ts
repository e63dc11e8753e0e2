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

const failingHealth = ['--health-cmd', 'false', '--health-interval', '500ms', '--health-retries', '1']

test('a container that dies by itself or turns unhealthy is notified, one that is stopped is not', async ({
  app,
  openWindow,
  docker,
}) => {
  const { win, told } = await openRecording(openWindow, app)
  await runSleeper(docker, 'stopped-by-us')
  await runShell(docker, 'dies-alone', 'sleep 1; exit 7')
  await runSleeper(docker, 'falls-ill', ...failingHealth)
  await win.list('Containers').choose('stopped-by-us', 'Stop')
  await expect(win.list('Containers').row('stopped-by-us')).toContainText('Exited')
  await expect.poll(told).toContainEqual({ title: 'dies-alone has ended unexpectedly', body: 'Exit code 7' })
  await expect.poll(told).toContainEqual({ title: 'falls-ill is unhealthy', body: '' })
  expect((await told()).filter(({ title }) => title.includes('stopped-by-us'))).toEqual([])
})

test('what is switched off in Settings is not notified, and what is left on still is', async ({
  ownApp,
  openWindow,
  docker,
}) => {
  const app = await ownApp()
  const { win, told } = await openRecording(openWindow, app)
  await win.goTo('Settings')
  // What one window shows of another's change is what core has by then.
  const other = await openWindow(app)
  const [died, unhealthy] = [
    'When a container ends unexpectedly',
    'When a container turns unhealthy',
  ] as const
  const toggle = async (...names: string[]): Promise<void> => {
    await other.goTo('Settings')
    for (const name of names) await other.page.getByRole('switch', { name }).click()
  }
  const isOn = async (name: string, checked: boolean): Promise<void> =>
    expect(win.page.getByRole('switch', { name })).toBeChecked({ checked })
  const list = other.list('Containers')

  await toggle(died)
  await isOn(died, false)
  await runShell(docker, 'dies-unnoticed', 'exit 7')
  await other.goTo('Containers')
  await expect(list.row('dies-unnoticed')).toContainText('Exited (7)')
  await runSleeper(docker, 'ill-noticed', ...failingHealth)
  const ill = { title: 'ill-noticed is unhealthy', body: '' }
  await expect.poll(told).toEqual([ill])

  await toggle(died, unhealthy)
  await isOn(died, true)
  await isOn(unhealthy, false)
  await runSleeper(docker, 'ill-unnoticed', ...failingHealth)
  await other.goTo('Containers')
  await expect(list.row('ill-unnoticed')).toContainText('Unhealthy')
  await runShell(docker, 'dies-noticed', 'exit 8')
  const end = { title: 'dies-noticed has ended unexpectedly', body: 'Exit code 8' }
  await expect.poll(told).toEqual([ill, end])
})
