import { freePort } from '../../testing/ports/free-port'
import { startFaultyRegistry } from '../../testing/registry/faulty-registry'
import { runSleeper } from '../fixtures/containers'
import { expect, test } from '../fixtures/test'

/** A duration as it is written, in milliseconds. */
function millisOf(text: string): number {
  const [, number, unit] = /(\d+(?:\.\d)?) (ms|sec)$/.exec(text) ?? []
  if (number === undefined) throw new Error(`No duration: ${text}`)
  return Number(number) * (unit === 'sec' ? 1000 : 1)
}

test('an action stands in Activity with its state, duration and docker command to copy', async ({
  win,
  docker,
}) => {
  // It does not end when it is asked to: the engine kills it after two seconds.
  const command = ['slipway-test/busybox', 'sh', '-c', 'trap "" TERM; while :; do sleep 1; done']
  await docker('run', '-d', '--name', 'acted', '--stop-timeout', '2', ...command)
  await expect(win.list('Containers').row('acted')).toContainText('Running')
  const askedAtMs = Date.now()
  await win.list('Containers').choose('acted', 'Stop')
  await expect(win.list('Containers').row('acted')).toContainText('Exited')
  await win.goTo('Activity')
  const row = win.list('Tasks').row('acted').filter({ hasText: 'Stop container' })
  await expect(row).toContainText('Done')
  const took = millisOf(await row.getByRole('gridcell', { name: /^\d+(\.\d)? (ms|sec)$/ }).innerText())
  expect(took).toBeGreaterThanOrEqual(2000)
  expect(took).toBeLessThanOrEqual(Date.now() - askedAtMs + 100)
  await row.click()
  await expect(win.page.getByText(/docker stop .*acted/).first()).toBeVisible()
  await win.page.getByRole('button', { name: 'Copy command' }).last().click()
  await expect.poll(() => win.clipboard()).toMatch(/^docker .*stop.* acted$/)
})

test('what runs is told on every page with its progress, and is cancelled there', async ({
  win,
  docker,
  lab,
}) => {
  const registry = await startFaultyRegistry(lab.registry)
  // containerd's store counts what it has written, a megabyte at a time.
  registry.faults.stallBlobsAfter = 1_200_000
  const reference = `${registry.host}/team/app:1.0`
  try {
    await win.open(`/images?pull=${encodeURIComponent(reference)}`)
    await win.dialog.getByRole('button', { name: 'Pull', exact: true }).click()
    await win.goTo('Activity')
    const row = win.list('Tasks').row(reference)
    const progress = row.getByRole('progressbar', { name: `Progress of ${reference}` })
    await expect(progress).toHaveAttribute('aria-valuenow', /^[1-9]\d*$/, { timeout: 30_000 })
    const duration = row.getByRole('gridcell', { name: /^\d+(\.\d)? (ms|sec)$/ })
    const soFar = millisOf(await duration.innerText())
    await expect.poll(async () => millisOf(await duration.innerText())).toBeGreaterThan(soFar)
    await expect(win.nav.getByRole('link', { name: 'Activity' })).toHaveText('Activity1')
    await win.goTo('Volumes')
    await win.button('1 task running').click()
    const running = win.dialog.filter({ hasText: `Pull image: ${reference}` })
    await expect(running).toContainText(/[1-9][\d.]* (kB|MB) of [1-9][\d.]* MB/)
    await expect(running.getByRole('progressbar')).toBeVisible()
    await running.getByRole('button', { name: 'Cancel the task' }).click()
    await expect(win.button('1 task running')).toHaveCount(0)
    await win.goTo('Activity')
    await expect(row).toContainText('Cancelled')
    registry.release()
    expect(await docker('images', '-q', reference)).toBe('')
  } finally {
    await registry.stop()
  }
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
