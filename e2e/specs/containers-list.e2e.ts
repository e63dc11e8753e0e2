import { freePort } from '../../testing/ports/free-port'
import { projectLabels, runShell, runSleeper, stateOf } from '../fixtures/containers'
import { expect, test } from '../fixtures/test'

test('a container made elsewhere stands in the list by itself, and goes when it is removed', async ({
  win,
  docker,
}) => {
  const list = win.list('Containers')
  await expect(win.page.getByText('No containers yet')).toBeVisible()
  await runSleeper(docker, 'outside')
  await expect(list.row('outside')).toContainText('Running')
  await docker('rm', '-f', 'outside')
  await expect(list.row('outside')).toHaveCount(0)
})

test('stop, start, pause, resume, restart and kill show in the row and on the engine', async ({
  win,
  docker,
}) => {
  const list = win.list('Containers')
  await runSleeper(docker, 'web')
  const row = list.row('web')
  await expect(row).toContainText('Running')
  await list.choose('web', 'Pause')
  await expect(row).toContainText('Paused')
  await list.choose('web', 'Resume')
  await expect(row).toContainText('Running')
  await list.choose('web', 'Stop')
  await expect(row).toContainText('Exited')
  expect(await stateOf(docker, 'web')).toBe('exited')
  await list.choose('web', 'Start')
  await expect(row).toContainText('Running')
  const before = await docker('inspect', '-f', '{{.State.StartedAt}}', 'web')
  await list.choose('web', 'Restart')
  await expect.poll(() => docker('inspect', '-f', '{{.State.StartedAt}}', 'web')).not.toBe(before)
  await expect(row).toContainText('Running')
  await list.choose('web', 'Kill')
  await expect(row).toContainText('Exited (137)')
})

test('a slow stop shows as pending and blocks nothing else', async ({ win, docker }) => {
  const list = win.list('Containers')
  // Far longer than the other takes: it is ended by hand.
  await docker('run', '-d', '--name', 'stubborn', '--stop-timeout', '300', 'slipway-test/no-shell')
  await runSleeper(docker, 'other')
  await expect(list.row('stubborn')).toContainText('Running')
  await list.choose('stubborn', 'Stop')
  await expect(list.row('stubborn')).toContainText('Stopping…')
  await list.choose('other', 'Stop')
  await expect(list.row('other')).toContainText('Exited')
  await expect(list.row('stubborn')).toContainText('Stopping…')
  await docker('kill', 'stubborn')
  await expect(list.row('stubborn')).toContainText('Exited', { timeout: 20_000 })
})

test('several are stopped and removed at once', async ({ win, docker }) => {
  const list = win.list('Containers')
  for (const name of ['one', 'two', 'three']) await runSleeper(docker, name)
  await expect(list.row('three')).toContainText('Running')
  await expect(list.row('two')).toBeVisible()
  await list.mark('one', 'two', 'three')
  const bar = win.page.getByRole('group', { name: '3 selected' })
  await bar.getByRole('button', { name: 'Stop (3)' }).click()
  for (const name of ['one', 'two', 'three']) await expect(list.row(name)).toContainText('Exited')
  await bar.getByRole('button', { name: /^Remove/ }).click()
  await win.confirm('Remove 3')
  await expect(win.page.getByText('No containers yet')).toBeVisible()
  expect(await docker('ps', '-aq')).toBe('')
})

test('containers of a project stand together, fold, and are stopped as one', async ({ win, docker }) => {
  const list = win.list('Containers')
  await runSleeper(docker, 'shop-web-1', ...projectLabels('shop', 'web'))
  await runSleeper(docker, 'shop-db-1', ...projectLabels('shop', 'db'))
  await runSleeper(docker, 'alone')
  const group = list.row('shop')
  await expect(group).toContainText('2 of 2 running')
  await group.getByRole('button', { name: 'Collapse' }).click()
  await expect(list.row('shop-web-1')).toHaveCount(0)
  await expect(list.row('alone')).toBeVisible()
  await group.getByRole('button', { name: 'Expand' }).click()
  await group.hover()
  await group.getByRole('button', { name: 'Stop all' }).click()
  await expect(group).toContainText('0 of 2 running')
  expect(await stateOf(docker, 'alone')).toBe('running')
})

test('search, state and health narrow the list, and clearing brings all back', async ({ win, docker }) => {
  const list = win.list('Containers')
  await runSleeper(docker, 'api')
  await docker('create', '--name', 'worker', 'slipway-test/busybox', 'true')
  await runSleeper(
    docker,
    'sick',
    '--health-cmd',
    'false',
    '--health-interval',
    '500ms',
    '--health-retries',
    '1',
  )
  await expect(list.row('sick')).toContainText('Unhealthy')
  await win.page.getByRole('searchbox', { name: /^Search name/ }).fill('wor')
  await expect(list.rows).toHaveCount(1)
  await expect(list.row('worker')).toBeVisible()
  await win.button('Clear filters').click()
  await win.select('State', 'Running')
  await expect(list.row('worker')).toHaveCount(0)
  await expect(list.row('api')).toBeVisible()
  await win.select('Health', 'Unhealthy')
  await expect(list.rows).toHaveCount(1)
  await win.page.getByRole('searchbox', { name: /^Search name/ }).fill('api')
  await expect(win.page.getByText('Nothing matches')).toBeVisible()
  await win.page.getByRole('button', { name: 'Clear filters' }).first().click()
  await expect(list.row('worker')).toBeVisible()
})

test('a container is renamed; a taken or wrong name is told in the field', async ({ win, docker }) => {
  const list = win.list('Containers')
  await runSleeper(docker, 'before')
  await runSleeper(docker, 'taken')
  await list.choose('before', 'Rename…')
  const name = win.dialog.getByLabel('New name')
  await name.fill('taken')
  await expect(win.dialog.getByText('Another container of this engine has this name')).toBeVisible()
  await name.fill('-no')
  await expect(win.dialog.getByRole('button', { name: 'Rename' })).toBeDisabled()
  await name.fill('after')
  await win.confirm('Rename')
  await expect(list.row('after')).toContainText('Running')
  await expect(list.row('before')).toHaveCount(0)
})

test('removing takes anonymous volumes only on choice', async ({ win, docker }) => {
  const list = win.list('Containers')
  await runSleeper(docker, 'keeps', '-v', '/data')
  await runSleeper(docker, 'takes', '-v', '/data')
  await list.choose('keeps', 'Remove…')
  await win.confirm('Remove')
  await expect(list.row('keeps')).toHaveCount(0)
  expect((await docker('volume', 'ls', '-q')).split('\n')).toHaveLength(2)
  await list.choose('takes', 'Remove…')
  await win.dialog.getByRole('checkbox', { name: 'Also remove its anonymous volumes' }).click()
  await win.confirm('Remove')
  await expect(list.row('takes')).toHaveCount(0)
  await expect.poll(async () => (await docker('volume', 'ls', '-q')).split('\n')).toHaveLength(1)
})

test('clean-up lists what goes with sizes, and spares what is unchecked', async ({ win, docker }) => {
  const list = win.list('Containers')
  await runSleeper(docker, 'runs')
  await docker('create', '--name', 'spared', 'slipway-test/busybox', 'true')
  await runShell(docker, 'gone', 'dd if=/dev/zero of=/big bs=1M count=2')
  await expect(list.row('gone')).toContainText('Exited')
  await win.button('Remove stopped…').click()
  await expect(win.dialog.getByRole('checkbox', { name: 'gone' })).toBeVisible()
  await expect(win.dialog.getByText('2.1 MB').or(win.dialog.getByText('2 MB')).first()).toBeVisible()
  await expect(win.dialog.getByRole('checkbox', { name: 'runs' })).toHaveCount(0)
  await win.dialog.getByRole('checkbox', { name: 'spared' }).click()
  await win.confirm('Remove 1')
  await expect(list.row('gone')).toHaveCount(0)
  await expect(list.row('spared')).toBeVisible()
  await expect(list.row('runs')).toBeVisible()
})

test('a published port is a link to it, and CPU and memory are live with a curve', async ({
  win,
  docker,
}) => {
  const list = win.list('Containers')
  const line = 'mkdir /site; echo hello > /site/index.html; exec httpd -f -p 80 -h /site'
  await docker('run', '-d', '--name', 'site', '-p', '127.0.0.1::80', 'slipway-test/busybox', 'sh', '-c', line)
  const row = list.row('site')
  const link = row.getByRole('link')
  await expect(link).toHaveAttribute('href', /^http:\/\/(127\.0\.0\.1|localhost):\d+/)
  const href = (await link.getAttribute('href')) ?? ''
  // The container runs before its program listens.
  await expect.poll(() => fetch(href).then(({ status }) => status, String)).toBe(200)
  const [popup] = await Promise.all([win.page.context().waitForEvent('page'), link.click()])
  await expect(popup.locator('body')).toHaveText('hello')
  await popup.close()
  await expect(row).toContainText('%')
  await expect
    .poll(async () => Number(await row.getByRole('img').last().getAttribute('data-points')), {
      timeout: 20_000,
    })
    .toBeGreaterThan(1)
})

test('columns are sorted, chosen and resized, and remembered over a reload', async ({
  ownApp,
  openWindow,
  docker,
}) => {
  const win = await openWindow(await ownApp())
  await win.isReady()
  const list = win.list('Containers')
  await runSleeper(docker, 'aaa')
  await runSleeper(docker, 'bbb')
  const header = (name: string) => list.grid.getByRole('columnheader', { name, exact: true })
  await expect(list.rows.first()).toContainText('aaa')
  await header('Name').getByRole('button').click()
  await expect(list.rows.first()).toContainText('bbb')
  await win.button('Columns').click()
  await win.choose('ID')
  await win.page.keyboard.press('Escape')
  await expect(header('ID')).toBeVisible()
  // The menu gives the focus back as it goes.
  await expect(win.button('Columns')).toBeFocused()
  await header('Image').getByRole('button').focus()
  const width = async (): Promise<number> => (await header('Image').boundingBox())?.width ?? 0
  const before = await width()
  for (let n = 0; n < 3; n++) await win.page.keyboard.press('Shift+ArrowRight')
  await expect.poll(width).toBeGreaterThan(before + 20)
  const wide = await width()
  await win.reload()
  await expect(header('ID')).toBeVisible()
  await expect(list.rows.first()).toContainText('bbb')
  await expect.poll(async () => Math.abs((await width()) - wide)).toBeLessThan(3)
  await win.button('Columns').click()
  await win.choose('Reset columns')
  await expect(header('ID')).toHaveCount(0)
})

test('sorted by CPU, what works hardest stands first and follows its readings', async ({
  ownApp,
  openWindow,
  docker,
}) => {
  const win = await openWindow(await ownApp())
  await win.isReady()
  const list = win.list('Containers')
  await runSleeper(docker, 'aaa-idle')
  await docker('create', '--name', 'never-started', 'slipway-test/busybox', 'sleep', '1')
  await runShell(docker, 'zzz-busy', 'while :; do :; done')
  await expect(list.rows.first()).toContainText('aaa-idle')
  await list.grid.getByRole('columnheader', { name: 'CPU' }).getByRole('button').click()
  await expect(list.rows.first()).toContainText('zzz-busy', { timeout: 20_000 })
  await expect(list.rows.last()).toContainText('never-started')
  await docker('pause', 'zzz-busy')
  await expect(list.rows.first()).toContainText('aaa-idle', { timeout: 20_000 })
})

test('a column is widened and narrowed by its edge, and the whole row stays readable beside its buttons', async ({
  win,
  docker,
}) => {
  const list = win.list('Containers')
  const ports = [await freePort(), await freePort(), await freePort()].sort((a, b) => a - b)
  const publish = ports.flatMap((port, n) => ['-p', `127.0.0.1:${port}:${80 + n}`])
  await runSleeper(docker, 'ported', ...publish)
  const row = list.row('ported')
  await expect(row.getByRole('link', { name: new RegExp(`^${ports[0]}:80`) })).toBeVisible()
  await expect(row).toContainText('+1')
  const header = list.grid.getByRole('columnheader', { name: 'Ports', exact: true })
  const edge = header.locator('.data-table__resizer')
  const width = async (): Promise<number> => (await header.boundingBox())?.width ?? 0
  const drag = async (by: number): Promise<void> => {
    const grip = await edge.boundingBox()
    if (!grip) throw new Error('The edge is not on screen')
    await win.page.mouse.move(grip.x + 4, grip.y + 4)
    await win.page.mouse.down()
    await win.page.mouse.move(grip.x + 4 + by, grip.y + 4, { steps: 4 })
    await win.page.mouse.up()
  }
  const before = await width()
  await drag(30)
  await expect.poll(width).toBeGreaterThan(before + 20)
  await drag(-50)
  await expect.poll(width).toBeLessThan(before - 10)
  await row.hover()
  const age = await row
    .getByRole('gridcell')
    .filter({ hasText: /now|ago/ })
    .boundingBox()
  const actions = await row.getByRole('button', { name: 'Stop' }).boundingBox()
  expect((age?.x ?? 0) + (age?.width ?? 0)).toBeLessThanOrEqual(actions?.x ?? 0)
  await edge.dblclick()
  await expect.poll(width).toBe(before)
})
