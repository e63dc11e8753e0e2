import { dockerOf } from '../fixtures/docker'
import { runSleeper } from '../fixtures/containers'
import type { TestEngine } from '../../testing/engine/start-engine'
import { busyboxImage } from '../../testing/engine/images'
import { expect, test } from '../fixtures/test'
import type { AppWindow } from '../pages/app-window'
import { TerminalScreen } from '../pages/terminal-screen'

test('a second engine is added by its socket, and its objects stand in the same lists', async ({
  ownApp,
  ownEngine,
  openWindow,
  lab,
  docker,
}) => {
  test.setTimeout(120_000)
  const other = await ownEngine()
  const otherDocker = dockerOf(other.socket, lab.dockerConfig)
  await runSleeper(docker, 'on-first')
  await runSleeper(otherDocker, 'on-second')
  const win = await openWindow(await ownApp())
  await win.isReady()
  const list = win.list('Containers')
  await expect(list.row('on-first')).toBeVisible()
  await expect(list.grid.getByRole('columnheader', { name: 'Engine' })).toHaveCount(0)
  await win.goTo('Settings')
  await win.button('Add an engine…').click()
  await win.dialog.getByLabel('Name', { exact: true }).fill('Second')
  const socket = win.dialog.getByLabel('Socket', { exact: true })
  await socket.fill('relative/path')
  await win.dialog.getByRole('button', { name: 'Test', exact: true }).click()
  await expect(win.dialog.getByText('A path that begins with /')).toBeVisible()
  await socket.fill('/nowhere/docker.sock')
  await win.dialog.getByRole('button', { name: 'Test', exact: true }).click()
  await expect(win.dialog).toContainText('There is no engine at this address')
  await socket.fill(other.socket)
  await win.dialog.getByRole('button', { name: 'Test', exact: true }).click()
  await expect(win.dialog).toContainText('answers: version')
  await win.confirm('Add')
  await win.goTo('Containers')
  await expect(list.row('on-second')).toContainText('Second')
  await expect(list.row('on-first')).toBeVisible()
  await expect(list.grid.getByRole('columnheader', { name: 'Engine' })).toBeVisible()
  await test.step('with the engine beside them, the last column and the row actions both have their room', async () => {
    const row = list.row('on-second')
    await row.hover()
    const ends = await row.getByRole('gridcell').evaluateAll((cells) =>
      cells.slice(-2).map((cell) => {
        const { left, right } = cell.getBoundingClientRect()
        return { left, right }
      }),
    )
    expect(ends[0]?.right).toBeLessThanOrEqual((ends[1]?.left ?? 0) + 1)
  })
  await win.select('Engine', 'Second')
  await expect(list.row('on-first')).toHaveCount(0)
  await list.choose('on-second', 'Stop')
  await expect(list.row('on-second')).toContainText('Exited')
  await win.button('Clear filters').click()
  await win.goTo('Settings')
  const entry = win.page.getByRole('listitem').filter({ hasText: 'Second' })
  await entry.getByRole('button', { name: /Remove/ }).click()
  await win.confirm('Remove')
  await win.goTo('Containers')
  await expect(list.row('on-second')).toHaveCount(0)
  expect(await otherDocker('ps', '-aq')).not.toBe('')
})

test('the page of the engine tells its version, address and the roads that were tried', async ({
  win,
  lab,
}) => {
  await win.open('/engine')
  await expect(win.page.getByText(lab.socket).first()).toBeVisible()
  await expect(win.page.getByText(/^20\.|^2\d\./).first()).toBeVisible()
  await expect(win.page.getByText('DOCKER_HOST').first()).toBeVisible()
})

async function addSecond(win: AppWindow, { socket }: TestEngine): Promise<void> {
  await win.goTo('Settings')
  await win.button('Add an engine…').click()
  await win.dialog.getByLabel('Name', { exact: true }).fill('Second')
  await win.dialog.getByLabel('Socket', { exact: true }).fill(socket)
  await win.confirm('Add')
}

/** Chooses from the menu of an engine at the foot of the sidebar. */
async function ofEngine(win: AppWindow, name: string, item: string): Promise<void> {
  const engines = win.page.getByRole('region', { name: 'Engines', exact: true })
  await engines.getByRole('button').filter({ hasText: name }).click()
  await win.choose(item)
}

/** How many a page counts for each engine: the images and three networks are the engine's and the tests' own. */
const counts = { Containers: 1, Images: 2, Volumes: 1, Networks: 4 } as const

/** Both engines have a container, a volume and a network of their names, and the same images. */
async function seesOf(win: AppWindow, names: readonly string[]): Promise<void> {
  const own = { Containers: 'container', Volumes: 'volume', Networks: 'network' } as const
  for (const [page, kind] of Object.entries(own) as [keyof typeof own, string][]) {
    await win.goTo(page)
    for (const name of ['first', 'second'])
      await expect(win.list(page).row(`${kind}-${name}`)).toHaveCount(names.includes(name) ? 1 : 0)
  }
  await win.goTo('Images')
  await expect(win.list('Images').row(busyboxImage)).toHaveCount(names.length)
  for (const [page, count] of Object.entries(counts))
    await expect(win.nav.getByRole('link', { name: page })).toHaveText(`${page}${count * names.length}`)
}

test('the sidebar narrows all lists to one engine and widens them again, and opens a host shell for it', async ({
  ownApp,
  ownEngine,
  openWindow,
  lab,
  docker,
}) => {
  test.setTimeout(120_000)
  const second = await ownEngine()
  const places = [
    ['first', docker],
    ['second', dockerOf(second.socket, lab.dockerConfig)],
  ] as const
  for (const [name, on] of places) {
    await runSleeper(on, `container-${name}`)
    await on('volume', 'create', `volume-${name}`)
    await on('network', 'create', `network-${name}`)
  }
  const win = await openWindow(await ownApp())
  await win.isReady()
  await addSecond(win, second)
  const both = ['first', 'second']
  await win.goTo('Containers')
  await win.list('Containers').choose('container-first', 'Stop')
  await seesOf(win, both)
  await ofEngine(win, 'Second', 'Show only this engine')
  await seesOf(win, ['second'])
  await win.goTo('Activity')
  await expect(win.page.getByText('Nothing matches')).toBeVisible()
  await ofEngine(win, 'Second', 'Show all engines')
  await expect(win.list('Tasks').row('container-first')).toBeVisible()
  await seesOf(win, both)
  await test.step('its host shell leads docker to it, and not to the engine that the app itself was given', async () => {
    await ofEngine(win, 'Second', 'New terminal on the host')
    const screen = new TerminalScreen(win.page, win.page.getByRole('region', { name: 'Terminals' }))
    await screen.isReady()
    await screen.run('echo "host is $DOCKER_HOST"; docker ps --format "{{.Names}} seen"')
    await screen.shows(`host is ${second.host}`)
    await screen.shows('container-second seen')
  })
  await test.step('an engine that is gone narrows nothing', async () => {
    await ofEngine(win, 'Second', 'Show only this engine')
    await win.goTo('Containers')
    await expect(win.list('Containers').row('container-first')).toHaveCount(0)
    await win.goTo('Settings')
    const entry = win.page.getByRole('main').getByRole('listitem').filter({ hasText: 'Second' })
    await entry.getByRole('button', { name: /Remove/ }).click()
    await win.confirm('Remove')
    await win.goTo('Containers')
    await expect(win.list('Containers').row('container-first')).toBeVisible()
  })
})
