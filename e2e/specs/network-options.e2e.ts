import type { Locator } from '@playwright/test'
import { expect, test } from '../fixtures/test'
import type { AppWindow } from '../pages/app-window'

async function openDialog(win: AppWindow, name: string): Promise<void> {
  await win.button('Create…').click()
  await win.dialog.getByLabel('Name', { exact: true }).first().fill(name)
}

const field = (win: AppWindow, label: string): Locator => win.dialog.getByLabel(label, { exact: true })

const tick = (win: AppWindow, label: string | RegExp): Promise<void> =>
  win.dialog.getByRole('checkbox', { name: label }).click()

async function addPair(
  win: AppWindow,
  group: string,
  [name, value]: readonly [string, string],
): Promise<void> {
  const lines = win.dialog.getByRole('group', { name: group })
  await lines.getByRole('button', { name: 'Add' }).click()
  await lines.getByRole('textbox', { name: 'Name' }).last().fill(name)
  await lines.getByRole('textbox', { name: 'Value' }).last().fill(value)
}

/** A line of facts on the page. */
const fact = (win: AppWindow, name: string): Locator =>
  win.page
    .locator('.key-values__row')
    .filter({ has: win.page.getByText(name, { exact: true }) })
    .locator('dd')

const icc = 'com.docker.network.bridge.enable_icc'

test('every option of a new network reaches the engine and stands on its page', async ({ win, docker }) => {
  await win.goTo('Networks')
  await openDialog(win, 'vault')
  await field(win, 'Subnet').fill('172.31.97.0/24')
  await field(win, 'Gateway').fill('172.31.97.9')
  await field(win, 'Range for containers').fill('172.31.97.128/33')
  await expect(win.dialog.getByRole('button', { name: 'Create', exact: true })).toBeDisabled()
  await field(win, 'Range for containers').fill('172.31.97.128/25')
  await tick(win, /^Internal/)
  await tick(win, /^Containers may be attached/)
  await addPair(win, 'Driver options', [icc, 'false'])
  await addPair(win, 'Labels', ['team', 'core & more'])
  await win.confirm('Create')
  const list = win.list('Networks')
  await expect(list.row('vault')).toContainText('172.31.97.0/24')
  const [made] = JSON.parse(await docker('network', 'inspect', 'vault')) as unknown[]
  expect(made).toMatchObject({
    ...{ Driver: 'bridge', Internal: true, Attachable: true, EnableIPv6: false },
    IPAM: { Config: [{ Subnet: '172.31.97.0/24', Gateway: '172.31.97.9', IPRange: '172.31.97.128/25' }] },
    Options: { [icc]: 'false' },
    Labels: { team: 'core & more' },
  })
  await list.openRow('vault')
  for (const [name, value] of [
    ['Subnet', '172.31.97.0/24'],
    ['Gateway', '172.31.97.9'],
    ['Internal', 'Yes'],
    ['IPv6', 'No'],
    ['Attachable', 'Yes'],
    ['Scope', 'local'],
    [icc, 'false'],
    ['team', 'core & more'],
  ] as const)
    await expect(fact(win, name), name).toHaveText(value)
  const raw = win.page.getByRole('region', { name: 'JSON' })
  await raw.getByRole('searchbox').fill('IPRange')
  await expect(raw.getByRole('treeitem', { selected: true })).toHaveText('IPRange: "172.31.97.128/25"')
})

test('a network has IPv6 and a driver of its own; one that the engine has not is told in the dialog', async ({
  win,
  docker,
}) => {
  await win.goTo('Networks')
  await openDialog(win, 'six')
  await field(win, 'Subnet').fill('fd00:99::/64')
  await tick(win, 'IPv6')
  // It needs a swarm, of which this engine is not.
  await win.select('Driver', 'overlay')
  await win.dialog.getByRole('button', { name: 'Create', exact: true }).click()
  await expect(win.dialog.getByRole('alert')).toContainText('swarm')
  await win.select('Driver', 'bridge')
  await win.confirm('Create')
  const list = win.list('Networks')
  await expect(list.row('six')).toContainText('fd00:99::/64')
  const [made] = JSON.parse(await docker('network', 'inspect', 'six')) as unknown[]
  expect(made).toMatchObject({ Driver: 'bridge', Internal: false, Attachable: false, EnableIPv6: true })
  await list.openRow('six')
  await expect(fact(win, 'IPv6')).toHaveText('Yes')
  await expect(fact(win, 'Internal')).toHaveText('No')
})
