import { waitFor } from '../../src/main/core/platform/wait-for'
import { runShell, runSleeper } from '../fixtures/containers'
import { dockerOf } from '../fixtures/docker'
import { agentCard, asHelper, helperLabel, helpers, noHelperLeft } from '../fixtures/agent'
import { expect, test } from '../fixtures/test'
import type { AppWindow } from '../pages/app-window'

const totals = (win: AppWindow) => win.page.getByRole('group', { name: 'All running containers' })

test('an agent is asked for, serves, is started again when killed, and goes with the person’s word', async ({
  ownEngine,
  ownApp,
  openWindow,
  lab,
}) => {
  test.setTimeout(240_000)
  const engine = await ownEngine()
  const docker = dockerOf(engine.socket, lab.dockerConfig)
  await runSleeper(docker, 'quiet')
  await runShell(docker, 'chatty', 'seq 1 5000; while :; do sleep 0.2; echo tick; done')
  const win = await openWindow(await ownApp({ dockerHost: engine.host, env: asHelper }))
  await win.isReady()
  const row = (name: string) => win.list('Containers').row(name)
  await expect(row('quiet')).toContainText('%', { timeout: 30_000 })
  await expect(totals(win)).toHaveCount(0)
  expect(await helpers(docker)).toEqual([])

  await win.open('/engine')
  await expect(agentCard(win)).toContainText('Not running')
  await agentCard(win).getByRole('button', { name: 'Allow' }).click()
  await expect(agentCard(win)).toContainText('a helper container without network', { timeout: 60_000 })
  await expect(agentCard(win)).toContainText(/of a core, .*MiB of memory/, { timeout: 20_000 })
  const [first] = await helpers(docker)
  expect(first).toBeDefined()

  await win.goTo('Containers')
  await expect(totals(win)).toContainText('MiB', { timeout: 30_000 })
  await expect(row('quiet')).toContainText('%')
  await expect(row('chatty')).toContainText('%')
  await expect(win.page.getByText('slipway-agent')).toHaveCount(0)
  await expect(win.list('Containers').rows).toHaveCount(2)

  await docker('kill', first as string)
  const second = await waitFor(async () => (await helpers(docker)).find((id) => id !== first), {
    timeoutMs: 60_000,
    what: 'another helper',
  })
  expect(second).not.toBe(first)
  await expect(totals(win)).toContainText('MiB', { timeout: 30_000 })
  await expect(row('quiet')).toContainText('%', { timeout: 30_000 })

  await win.open('/engine')
  await agentCard(win).getByRole('button', { name: 'Switch off' }).click()
  await expect(agentCard(win)).toContainText('Switched off')
  await noHelperLeft(docker)
  await waitFor(async () => (await docker('images', '-q', '--filter', helperLabel)) === '', {
    timeoutMs: 30_000,
    what: 'no image of a helper',
  })
  await win.goTo('Containers')
  await expect(totals(win)).toHaveCount(0)
  await expect(row('quiet')).toContainText('%', { timeout: 30_000 })
})

test('the whole log is searched by the agent; a line that is not in view is loaded; quitting leaves nothing', async ({
  ownEngine,
  ownApp,
  openWindow,
  lab,
  consoleWatch,
}) => {
  test.setTimeout(180_000)
  consoleWatch.expect(/WebSocket connection .* failed/)
  const engine = await ownEngine()
  const docker = dockerOf(engine.socket, lab.dockerConfig)
  await runShell(docker, 'long', 'echo needle one; sleep 12; seq 1 20000; echo needle two; sleep 100000')
  const app = await ownApp({ dockerHost: engine.host, env: asHelper })
  const win = await openWindow(app)
  await win.isReady()
  const question = win.page.getByRole('region', { name: /^Agent beside / })
  await expect(question).toContainText('privileged helper container')
  await question.getByRole('button', { name: 'Allow' }).click()
  await expect(question).toHaveCount(0, { timeout: 30_000 })
  await win.open('/engine')
  await expect(agentCard(win)).toContainText('search of whole logs', { timeout: 60_000 })
  await win.goTo('Containers')
  await win.list('Containers').openRow('long')
  await win.page.getByRole('tab', { name: 'Logs' }).click()
  const log = win.page.getByRole('log')
  await expect(log).toContainText('needle two', { timeout: 60_000 })
  await win.button('Search the whole log').click()
  await win.page.getByRole('searchbox', { name: 'Search in logs' }).fill('needle')
  const found = win.page.getByRole('region', { name: 'Found in the whole log' })
  await expect(found).toContainText('2 lines of 20,002 in the whole log, 2 hits')
  await expect(log).not.toContainText('needle one')
  await found.getByRole('button', { name: /needle one/ }).click()
  await expect(log).toContainText('needle one')
  await app.stop()
  await noHelperLeft(docker)
})
