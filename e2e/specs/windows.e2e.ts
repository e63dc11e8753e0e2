import { connectToCore } from '../../src/main/core/api/socket-transport'
import { pathsOf } from '../../src/main/core/platform/paths'
import type { Client } from '../../src/shared/contract'
import { createClient } from '../../src/shared/contract/client'
import { applyItem, emptyView, rowsOf } from '../../src/shared/feed/inventory-view'
import type { Container } from '../../src/shared/model'
import { coreKilled } from '../fixtures/console-watch'
import { runSleeper } from '../fixtures/containers'
import { expect, test } from '../fixtures/test'

/** A container as a client sees it, as soon as it is in this state. */
async function containerWhen(client: Client, name: string, state: Container['state']): Promise<Container> {
  let view = emptyView
  for await (const item of client.stream('inventory.watch', {})) {
    view = applyItem(view, item) ?? emptyView
    const found = rowsOf(view, 'containers').find((row) => row.name === name && row.state === state)
    if (found) return found
  }
  throw new Error('The core went away')
}

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

test('a client at the socket of core, as the desktop app beside a serve is, and a window show the same', async ({
  win,
  app,
  docker,
}) => {
  const client = createClient(await connectToCore(pathsOf(app.home, { env: {} }).coreSocket))
  try {
    await runSleeper(docker, 'seen-by-both')
    await expect(win.list('Containers').row('seen-by-both')).toContainText('Running')
    const seen = await containerWhen(client, 'seen-by-both', 'running')
    await client.call('containers.stop', { engine: seen.engine, id: seen.id })
    await expect(win.list('Containers').row('seen-by-both')).toContainText('Exited')
    await win.list('Containers').choose('seen-by-both', 'Start')
    expect(await containerWhen(client, 'seen-by-both', 'running')).toMatchObject({ id: seen.id })
    const info = (await client.call('engines.info', { engine: seen.engine })) as Record<string, unknown>
    expect(info).toMatchObject({ ContainersRunning: 1 })
    // What has ended goes from Activity in every window.
    await win.goTo('Activity')
    const ended = win.list('Tasks').row('seen-by-both')
    await expect(ended.first()).toBeVisible()
    await client.call('activity.clear', {})
    await expect(ended).toHaveCount(0)
  } finally {
    client.close()
  }
})

test('a reload anywhere comes back to the same place', async ({ win, docker }) => {
  test.setTimeout(150_000)
  const id = await runSleeper(docker, 'reloaded')
  await win.list('Containers').openRow('reloaded')
  await expect(win.page.getByRole('heading', { level: 1, name: 'reloaded' })).toBeVisible()
  const engine = /containers\/([^/]+)\//.exec(win.page.url())?.[1] ?? ''
  const own = ['logs', 'terminal', 'stats', 'changes', 'processes', 'inspect', 'connections', 'health']
  const places = [
    ...own.map((tab) => [`/containers/${engine}/${id}/${tab}`, 'reloaded'] as const),
    ['/run', 'Run a container'],
    ['/images', 'Images'],
    ['/volumes', 'Volumes'],
    ['/networks', 'Networks'],
    ['/activity', 'Activity'],
    ['/settings', 'Settings'],
    ['/engine', 'Engines'],
  ] as const
  for (const [path, title] of places) {
    await win.open(path)
    await expect(win.page.getByRole('heading', { level: 1 })).toHaveText(title)
    await win.reload()
    await expect(win.page.getByRole('heading', { level: 1 })).toHaveText(title)
    expect(win.page.url()).toContain(path)
  }
})

test('an app that is killed is told, and a new one is asked for its address', async ({
  ownApp,
  openWindow,
  consoleWatch,
}) => {
  consoleWatch.expect(coreKilled)
  const app = await ownApp()
  const win = await openWindow(app)
  await win.isReady()
  await app.kill9()
  // The heading: a message about a call that core did not answer begins with the same words.
  await expect(win.page.getByRole('heading', { name: 'Slipway’s core is not reachable' })).toBeVisible()
})
