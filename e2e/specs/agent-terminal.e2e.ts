import { runSleeper } from '../fixtures/containers'
import { dockerOf } from '../fixtures/docker'
import { agentCard, allowAgent, asHelper, helpers, noHelperLeft } from '../fixtures/agent'
import { expect, test } from '../fixtures/test'
import { TerminalScreen } from '../pages/terminal-screen'

test('a terminal goes through the agent, says so, survives a reload, and goes through the API without it', async ({
  ownEngine,
  ownApp,
  openWindow,
  lab,
}) => {
  test.setTimeout(240_000)
  const engine = await ownEngine()
  const docker = dockerOf(engine.socket, lab.dockerConfig)
  await runSleeper(docker, 'direct')
  const win = await openWindow(await ownApp({ dockerHost: engine.host, env: asHelper }))
  await win.isReady()
  await allowAgent(win)
  const card = agentCard(win)
  await expect(card.getByText('Running', { exact: true })).toBeVisible({ timeout: 60_000 })

  await win.goTo('Containers')
  await win.list('Containers').openRow('direct')
  await win.page.getByRole('tab', { name: 'Terminal' }).click()
  const panel = win.page.getByRole('tabpanel')
  const screen = new TerminalScreen(win.page, panel)
  await screen.isReady()
  await expect(panel.getByText('Direct', { exact: true })).toBeVisible()
  await screen.run('KEPT=yes; echo inside-$(hostname)')
  await screen.shows(/inside-[0-9a-f]{12}/)
  await win.reload()
  await screen.shows(/inside-[0-9a-f]{12}/)
  await screen.run('clear; echo "still $KEPT"')
  await screen.shows('still yes')
  await expect(panel.getByText('Direct', { exact: true })).toBeVisible()

  await docker('kill', ...(await helpers(docker)))
  await expect(panel).toContainText('The agent that held the terminal stopped', { timeout: 60_000 })
  await win.open('/engine')
  await card.getByRole('button', { name: 'Switch off' }).click()
  await expect(card).toContainText('Switched off')
  await noHelperLeft(docker)
  await win.goTo('Containers')
  await win.list('Containers').openRow('direct')
  await win.page.getByRole('tab', { name: 'Terminal' }).click()
  await panel.getByRole('button', { name: 'Open again' }).click()
  await expect(panel.getByText('Through the Engine API', { exact: true })).toBeVisible({ timeout: 30_000 })
  await screen.isReady()
  await screen.run('echo api-$((6 * 7))')
  await screen.shows('api-42')
})
