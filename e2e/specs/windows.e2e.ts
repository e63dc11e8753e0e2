import { runSleeper } from '../fixtures/containers'
import { expect, test } from '../fixtures/test'

test('two windows and two serves show the same, at once', async ({
  win,
  app,
  openWindow,
  ownApp,
  docker,
}) => {
  const second = await openWindow(app, { context: win.page.context() })
  const joined = await ownApp({ home: app.home })
  const third = await openWindow(joined)
  await second.isReady()
  await third.isReady()
  await runSleeper(docker, 'seen-thrice')
  const windows = [win, second, third]
  for (const one of windows) await expect(one.list('Containers').row('seen-thrice')).toContainText('Running')
  await third.list('Containers').choose('seen-thrice', 'Stop')
  for (const one of windows) await expect(one.list('Containers').row('seen-thrice')).toContainText('Exited')
})

test('a reload anywhere comes back to the same place', async ({ win, docker }) => {
  test.setTimeout(150_000)
  const id = await runSleeper(docker, 'reloaded')
  await win.list('Containers').openRow('reloaded')
  await expect(win.page.getByRole('heading', { level: 1, name: 'reloaded' })).toBeVisible()
  const engine = /containers\/([^/]+)\//.exec(win.page.url())?.[1] ?? ''
  const own = ['logs', 'terminal', 'stats', 'changes', 'processes', 'inspect', 'connections', 'health']
  const paths = [
    ...own.map((tab) => `/containers/${engine}/${id}/${tab}`),
    ...['/run', '/images', '/volumes', '/networks', '/activity', '/settings', '/engine'],
  ]
  for (const path of paths) {
    await win.open(path)
    const title = await win.page.getByRole('heading', { level: 1 }).textContent()
    await win.page.reload()
    await expect(win.page.getByRole('heading', { level: 1 })).toHaveText(title ?? '')
    expect(win.page.url()).toContain(path)
  }
})

test('an app that is killed is told, and a new one is asked for its address', async ({
  ownApp,
  openWindow,
  consoleWatch,
}) => {
  consoleWatch.expect(/WebSocket|ERR_CONNECTION_REFUSED/)
  const app = await ownApp()
  const win = await openWindow(app)
  await win.isReady()
  await app.kill9()
  await expect(win.page.getByText('Slipway’s core is not reachable')).toBeVisible()
})
