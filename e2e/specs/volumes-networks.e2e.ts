import { runSleeper } from '../fixtures/containers'
import { expect, test } from '../fixtures/test'

test('a volume is created with labels, shown with its user, and removed', async ({ win, docker }) => {
  await win.goTo('Volumes')
  const list = win.list('Volumes')
  await expect(win.page.getByText('No volumes yet')).toBeVisible()
  await win.button('Create…').first().click()
  const name = win.dialog.getByLabel('Name', { exact: true }).first()
  await name.fill('-')
  await expect(win.dialog.getByRole('button', { name: 'Create' })).toBeDisabled()
  await name.fill('ledger')
  for (const [group, key, value] of [
    ['Labels', 'team', 'core & more'],
    ['Driver options', 'type', 'tmpfs'],
    ['Driver options', 'device', 'tmpfs'],
  ] as const) {
    const lines = win.dialog.getByRole('group', { name: group })
    await lines.getByRole('button', { name: 'Add' }).click()
    await lines.getByRole('textbox', { name: 'Name' }).last().fill(key)
    await lines.getByRole('textbox', { name: 'Value' }).last().fill(value)
  }
  await win.confirm('Create')
  await expect(list.row('ledger')).toContainText('Unused')
  const [made] = JSON.parse(await docker('volume', 'inspect', 'ledger')) as [Record<string, unknown>]
  expect(made).toMatchObject({
    Labels: { team: 'core & more' },
    Options: { type: 'tmpfs', device: 'tmpfs' },
  })
  await runSleeper(docker, 'bookkeeper', '-v', 'ledger:/books')
  await expect(list.row('ledger')).toContainText('bookkeeper')
  await list.choose('ledger', 'Remove…')
  await expect(win.dialog).toContainText('Used by bookkeeper')
  await expect(win.dialog.getByRole('button', { name: 'Remove', exact: true })).toBeDisabled()
  await win.page.keyboard.press('Escape')
  await docker('rm', '-f', 'bookkeeper')
  await expect(list.row('ledger')).toContainText('Unused')
  await list.choose('ledger', 'Remove…')
  await win.confirm('Remove')
  await expect(list.row('ledger')).toHaveCount(0)
  expect(await docker('volume', 'ls', '-q')).toBe('')
})

test('sizes of volumes come only when they are asked for', async ({ win, docker }) => {
  await docker(
    'run',
    '--rm',
    '-v',
    'heavy:/d',
    'slipway-test/busybox',
    'dd',
    'if=/dev/zero',
    'of=/d/x',
    'bs=1M',
    'count=3',
  )
  await win.goTo('Volumes')
  const row = win.list('Volumes').row('heavy')
  await expect(row).toBeVisible()
  await expect(row).not.toContainText('MB')
  await win.button('Measure sizes').click()
  await expect(row).toContainText(/3(\.\d+)? MB/)
})

test('clean-up of volumes spares named ones until asked', async ({ win, docker }) => {
  await docker('volume', 'create', 'named')
  const anonymous = await docker('volume', 'create', '--label', 'com.docker.volume.anonymous=')
  await win.goTo('Volumes')
  await win.button('Clean up…').click()
  await expect(win.dialog.getByRole('checkbox', { name: anonymous })).toBeVisible()
  await expect(win.dialog.getByRole('checkbox', { name: 'named', exact: true })).toHaveCount(0)
  await win.dialog.getByRole('checkbox', { name: 'Also volumes that have a name' }).click()
  await expect(win.dialog.getByRole('checkbox', { name: 'named', exact: true })).toBeVisible()
  await win.confirm('Remove 2')
  await expect(win.page.getByText('No volumes yet')).toBeVisible()
})

test('the page of a volume shows where it is and who uses it', async ({ win, docker }) => {
  await runSleeper(docker, 'mounted', '-v', 'deep:/inside')
  await win.goTo('Volumes')
  await win.list('Volumes').openRow('deep')
  await expect(win.page.getByRole('heading', { level: 1, name: 'deep' })).toBeVisible()
  await expect(win.page.getByText('/volumes/deep/_data').first()).toBeVisible()
  await expect(win.page.getByText('mounted').first()).toBeVisible()
  const raw = win.page.getByRole('region', { name: 'JSON' })
  const lines = raw.getByRole('treeitem')
  await expect(lines.filter({ hasText: 'Driver: "local"' })).toBeVisible()
  await raw.getByRole('searchbox').fill('deep/_da')
  await expect(raw.getByRole('status')).toHaveText('1 match')
  await expect(raw.getByRole('treeitem', { selected: true })).toHaveText(/^Mountpoint: ".*deep\/_data"$/)
})

test('a network is created with a subnet, a container joins and leaves it, and it is removed', async ({
  win,
  docker,
}) => {
  await runSleeper(docker, 'joiner')
  await win.goTo('Networks')
  const list = win.list('Networks')
  await win.button('Create…').click()
  await win.dialog.getByLabel('Name', { exact: true }).first().fill('lan')
  await win.dialog.getByLabel('Subnet', { exact: true }).fill('172.31.99.0/33')
  await expect(win.dialog.getByText('Give a subnet like 172.30.0.0/16')).toBeVisible()
  await win.dialog.getByLabel('Subnet', { exact: true }).fill('172.31.99.0/24')
  await win.confirm('Create')
  await expect(list.row('lan')).toContainText('172.31.99.0/24')
  await list.openRow('lan')
  await win.button('Connect…').click()
  await win.select('Container', 'joiner')
  await win.confirm('Connect')
  await expect(win.page.getByText(/172\.31\.99\.\d+/).first()).toBeVisible()
  expect(await docker('inspect', '-f', '{{json .NetworkSettings.Networks}}', 'joiner')).toContain('"lan"')
  await win.button('Disconnect').first().click()
  await expect(win.page.getByText('No container is connected.')).toBeVisible()
  await win.goTo('Networks')
  await list.choose('lan', 'Remove…')
  await win.confirm('Remove')
  await expect(list.row('lan')).toHaveCount(0)
})

test('networks of the engine itself cannot be removed, and clean-up takes only unused ones', async ({
  win,
  docker,
}) => {
  await docker('network', 'create', 'idle-net')
  await docker('network', 'create', 'busy-net')
  await runSleeper(docker, 'on-busy', '--network', 'busy-net')
  await win.goTo('Networks')
  const list = win.list('Networks')
  await expect(list.row('idle-net')).toBeVisible()
  await list.openMenu('host')
  await expect(win.menuItem('Remove…')).toBeDisabled()
  await win.page.keyboard.press('Escape')
  await win.button('Clean up…').click()
  await expect(win.dialog.getByRole('checkbox', { name: 'idle-net' })).toBeVisible()
  await expect(win.dialog.getByRole('checkbox', { name: 'busy-net' })).toHaveCount(0)
  await win.confirm('Remove 1')
  await expect(list.row('idle-net')).toHaveCount(0)
  await expect(list.row('busy-net')).toBeVisible()
})

test('wrong and taken names of volumes and networks are told in their fields', async ({ win, docker }) => {
  await docker('volume', 'create', 'here-already')
  await docker('network', 'create', 'net-already')
  await win.goTo('Volumes')
  await expect(win.list('Volumes').row('here-already')).toBeVisible()
  await win.button('Create…').click()
  const name = win.dialog.getByLabel('Name', { exact: true }).first()
  const create = win.dialog.getByRole('button', { name: 'Create', exact: true })
  await name.fill('../etc')
  await expect(win.dialog.getByText('Letters, digits, “_”, “.” and “-”; at least two')).toBeVisible()
  await expect(create).toBeDisabled()
  await name.fill('here-already')
  await expect(win.dialog.getByText('A volume with this name exists')).toBeVisible()
  await expect(create).toBeDisabled()
  await win.dialog.getByRole('button', { name: 'Cancel' }).click()
  await win.goTo('Networks')
  await expect(win.list('Networks').row('net-already')).toBeVisible()
  await win.button('Create…').click()
  await name.fill('with space')
  await expect(win.dialog.getByText('Give a name without spaces or slashes')).toBeVisible()
  await name.fill('net-already')
  await expect(win.dialog.getByText('A network with this name exists')).toBeVisible()
  await expect(create).toBeDisabled()
  await name.fill('fine')
  await win.dialog.getByLabel('Subnet', { exact: true }).fill('172.31.98.0/24')
  await win.dialog.getByLabel('Gateway', { exact: true }).fill('not-one')
  await expect(win.dialog.getByText('Give an IP address')).toBeVisible()
  await expect(create).toBeDisabled()
  await win.dialog.getByRole('button', { name: 'Cancel' }).click()
  expect(await docker('network', 'ls', '-q', '--filter', 'name=fine')).toBe('')
})
