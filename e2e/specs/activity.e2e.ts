import { runSleeper } from '../fixtures/containers'
import { expect, test } from '../fixtures/test'

test('an action stands in Activity with its state, duration and docker command to copy', async ({
  win,
  docker,
}) => {
  await runSleeper(docker, 'acted')
  await win.list('Containers').choose('acted', 'Stop')
  await expect(win.list('Containers').row('acted')).toContainText('Exited')
  await win.goTo('Activity')
  const row = win.list('Tasks').row('acted').filter({ hasText: 'Stop container' })
  await expect(row).toContainText('Done')
  await row.click()
  await expect(win.page.getByText(/docker stop .*acted/).first()).toBeVisible()
  await win.page.getByRole('button', { name: 'Copy command' }).last().click()
  await expect.poll(() => win.clipboard()).toMatch(/^docker .*stop.* acted$/)
})

test('an action that failed keeps its reason', async ({ win, docker }) => {
  await docker('create', '--name', 'clash', '-p', '127.0.0.1:18077:80', 'slipway-test/busybox', 'sleep', '9')
  await runSleeper(docker, 'first-there', '-p', '127.0.0.1:18077:80')
  await win.list('Containers').choose('clash', 'Start')
  await expect(win.toasts.getByRole('alert')).toContainText('Port 18077 is taken')
  await win.goTo('Activity')
  const row = win.list('Tasks').row('clash').filter({ hasText: 'Start container' })
  await expect(row).toContainText('Failed')
  await row.click()
  await expect(win.page.getByText('Port 18077 is taken').first()).toBeVisible()
})

test('what the engine reports stands under its events', async ({ win, docker }) => {
  await docker('volume', 'create', 'eventful')
  await win.goTo('Activity')
  await win.page.getByRole('tab', { name: 'Engine events' }).click()
  const events = win.list('Engine events')
  await expect(events.row('eventful').first()).toContainText('create')
  await docker('volume', 'rm', 'eventful')
  await expect(events.row('eventful').filter({ hasText: 'destroy' })).toBeVisible()
})
