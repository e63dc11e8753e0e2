import { freePort } from '../../testing/ports/free-port'
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
  const port = await freePort()
  const publish = ['-p', `127.0.0.1:${port}:80`]
  await docker('create', '--name', 'clash', ...publish, 'slipway-test/busybox', 'sleep', '9')
  await runSleeper(docker, 'first-there', ...publish)
  await win.list('Containers').choose('clash', 'Start')
  await expect(win.toasts.getByRole('alert')).toContainText(`Port ${port} is taken`)
  await win.goTo('Activity')
  const row = win.list('Tasks').row('clash').filter({ hasText: 'Start container' })
  await expect(row).toContainText('Failed')
  await row.click()
  await expect(win.page.getByText(`Port ${port} is taken`).first()).toBeVisible()
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
