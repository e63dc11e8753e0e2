import { connectToCore } from '../../src/main/core/api/socket-transport'
import { pathsOf } from '../../src/main/core/platform/paths'
import type { Client } from '../../src/shared/contract'
import { createClient } from '../../src/shared/contract/client'
import { applyItem, emptyView, rowsOf } from '../../src/shared/feed/inventory-view'
import type { Container } from '../../src/shared/model'
import { busyboxImage, noShellImage } from '../../testing/engine/images'
import { coreKilled } from '../fixtures/console-watch'
import { runSleeper } from '../fixtures/containers'
import { hasLoaded, makeShown, type Shown } from '../fixtures/every-page'
import { expect, test } from '../fixtures/test'
import type { AppWindow } from '../pages/app-window'

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

test('a client at the socket of core and a window show the same, and each sees what the other does', async ({
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

/** Where a person may be, with what heads the page and the tab that is shown. */
type Place = readonly [path: string, heading: string | RegExp, tab?: string | RegExp]

function placesOf(
  { engine, container, image, volume, network, machine }: Shown,
  otherImage: string,
): readonly Place[] {
  const page = `/containers/${engine}/${container}`
  return [
    [`${page}/logs`, 'shown', 'Logs'],
    [`${page}/terminal`, 'shown', 'Terminal'],
    [`${page}/files`, 'shown', 'Files'],
    [`${page}/stats`, 'shown', 'Stats'],
    [`${page}/changes`, 'shown', 'Changes'],
    [`${page}/processes`, 'shown', 'Processes'],
    [`${page}/inspect`, 'shown', 'Inspect'],
    [`${page}/connections`, 'shown', 'Connections'],
    [`${page}/health`, 'shown', 'Health'],
    ['/run', 'Run a container'],
    ['/images', 'Images'],
    [`/images/${engine}/${image}/config`, busyboxImage, 'Configuration'],
    // They differ, so both were found again.
    [`/images/compare/${engine}/${image}/${engine}/${otherImage}`, 'Compare images', /^Files[1-9]/],
    ['/volumes', 'Volumes'],
    [`/volumes/${engine}/${volume}/files`, 'shown-data', 'Files'],
    ['/networks', 'Networks'],
    [`/networks/${engine}/${network}`, 'shown-network'],
    ['/machines', 'Machines'],
    [`/machines/${machine}/settings`, 'shown', 'Settings'],
    ['/activity', 'Activity', 'Tasks'],
    ['/settings', 'Settings'],
    ['/engine', 'Engines'],
    [`/disk/${engine}`, /^Disk of /],
    ['/diagnostics', 'Diagnostics'],
  ]
}

async function standsAt({ page }: AppWindow, [path, heading, tab]: Place): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading)
  expect(new URL(page.url()).hash).toBe(`#${path}`)
  if (tab !== undefined)
    await expect(page.getByRole('main').getByRole('tab', { selected: true }).first()).toHaveText(tab)
}

test('a reload anywhere comes back to the same place', async ({ ownApp, openWindow, docker }) => {
  test.setTimeout(180_000)
  // A machine of the shared app's would stay.
  const app = await ownApp()
  const win = await openWindow(app)
  await win.isReady()
  const otherImage = encodeURIComponent(await docker('inspect', '-f', '{{.Id}}', noShellImage))
  for (const place of placesOf(await makeShown(app, docker), otherImage)) {
    await win.open(place[0])
    await standsAt(win, place)
    await win.reload()
    await standsAt(win, place)
    await hasLoaded(win)
    await expect(win.page.locator('.state-panel__title--bad'), place[0]).toHaveCount(0)
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
