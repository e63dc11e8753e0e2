import { dockerOf } from '../fixtures/docker'
import { runSleeper } from '../fixtures/containers'
import { expect, test } from '../fixtures/test'

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
