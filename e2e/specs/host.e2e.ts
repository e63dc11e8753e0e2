import { runShell, runSleeper } from '../fixtures/containers'
import { dockerOf } from '../fixtures/docker'
import { agentCard, asHelper } from '../fixtures/agent'
import { expect, test } from '../fixtures/test'
import type { AppWindow } from '../pages/app-window'

const region = (win: AppWindow, name: string) => win.page.getByRole('region', { name, exact: true })

test('with the agent: the host, what takes its disk with the ways to clean up, and an overview of all containers', async ({
  ownEngine,
  ownApp,
  openWindow,
  lab,
}) => {
  test.setTimeout(240_000)
  const engine = await ownEngine()
  const docker = dockerOf(engine.socket, lab.dockerConfig)
  await runSleeper(docker, 'quiet')
  const fat = 'dd if=/dev/urandom of=/big bs=1M count=24 conv=fsync; echo written; while :; do :; done'
  await runShell(docker, 'fat', fat)
  // The page measures the disk once.
  await expect.poll(() => docker('logs', 'fat'), { timeout: 60_000 }).toContain('written')
  await docker('volume', 'create', 'unused')
  const win = await openWindow(await ownApp({ dockerHost: engine.host, env: asHelper }))
  await win.isReady()
  await win.open('/engine')
  const host = region(win, 'Host')
  await expect(host).toContainText('read by the agent')
  await agentCard(win).getByRole('button', { name: 'Allow' }).click()
  await expect(host).toContainText(/% of \d+ cores, load/, { timeout: 60_000 })
  await expect(host).toContainText(/Memory.*GiB/)
  await expect(agentCard(win)).toContainText('the disk')
  await host.getByRole('button', { name: /Listening ports/ }).click()
  await expect(host.getByRole('table')).toContainText('/tcp')

  await host.getByRole('link', { name: 'What takes the space' }).click()
  const table = win.page.getByRole('grid', { name: 'What takes the space' })
  await expect(win.page.getByText('Blocks on the disk', { exact: false })).toBeVisible({ timeout: 60_000 })
  await expect(table.getByRole('row', { name: /fat/ })).toContainText(/2[4-9](\.\d)? MB/)
  await win.page.getByRole('tab', { name: /Volumes/ }).click()
  await expect(table.getByRole('row', { name: /unused/ })).toBeVisible()
  await expect(table.getByRole('row', { name: /fat/ })).toHaveCount(0)
  await win.page.getByRole('button', { name: 'Clean up', exact: true }).click()
  await win.page.getByRole('menuitem', { name: 'Clean up volumes…' }).click()
  await expect(win.page.getByRole('dialog')).toBeVisible()
  await win.page.keyboard.press('Escape')

  await win.goTo('Containers')
  await win.page.getByRole('button', { name: 'Show the overview of all running containers' }).click()
  const overview = region(win, 'Overview of all running containers')
  await expect(overview.getByRole('list', { name: 'Most CPU' }).getByRole('listitem').first()).toContainText(
    'fat',
    {
      timeout: 30_000,
    },
  )
  await expect(overview.locator('canvas').first()).toBeVisible()
  await overview.getByRole('link', { name: 'fat' }).first().click()
  await expect(win.page.getByRole('tab', { name: 'Stats' })).toHaveAttribute('aria-selected', 'true')
})

test('without the agent the disk is told as the engine counts it, and what is missing is said', async ({
  ownEngine,
  ownApp,
  openWindow,
  lab,
}) => {
  test.setTimeout(120_000)
  const engine = await ownEngine()
  const docker = dockerOf(engine.socket, lab.dockerConfig)
  await runSleeper(docker, 'quiet')
  const win = await openWindow(await ownApp({ dockerHost: engine.host }))
  await win.isReady()
  await win.open('/engine')
  await expect(region(win, 'Host')).toContainText('which does not run here')
  await expect(win.page.getByRole('button', { name: /Log of the engine/ })).toHaveCount(0)
  await region(win, 'Host').getByRole('link', { name: 'What takes the space' }).click()
  await expect(win.page.getByText('As the engine counts', { exact: false })).toBeVisible({ timeout: 60_000 })
  await expect(win.page.getByRole('grid').getByRole('row', { name: /quiet/ })).toBeVisible()
})
