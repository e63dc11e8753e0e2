import { existsSync } from 'node:fs'
import { chmod, chown } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../src/main/core/platform/child'
import type { Lab } from '../fixtures/lab'
import { dockerOf } from '../fixtures/docker'
import { runShell, runSleeper } from '../fixtures/containers'
import { expect, test } from '../fixtures/test'
import { TerminalScreen } from '../pages/terminal-screen'
import { startFaultProxy } from '../../testing/fault-proxy/fault-proxy'
import { startFaultyRegistry } from '../../testing/registry/faulty-registry'

test('an engine killed in the middle of a log, terminals and a pull is told, and recovers by itself', async ({
  ownEngine,
  ownApp,
  openWindow,
  lab,
}) => {
  test.setTimeout(240_000)
  const engine = await ownEngine()
  const docker = dockerOf(engine.socket, lab.dockerConfig)
  const registry = await startFaultyRegistry(lab.registry)
  registry.faults.stallBlobsAfter = 100_000
  try {
    await runShell(docker, 'chatty', 'i=0; while :; do echo "tick $i"; i=$((i+1)); sleep 0.1; done')
    const win = await openWindow(await ownApp({ dockerHost: engine.host }))
    await win.isReady()
    await win.goTo('Images')
    await win.headButton('Pull…').click()
    await win.dialog.getByRole('combobox', { name: 'Reference' }).fill(`${registry.host}/team/app:1.0`)
    await win.page.keyboard.press('Enter')
    await expect(win.dialog).toHaveCount(0)
    await win.goTo('Containers')
    await win.list('Containers').openRow('chatty')
    await win.page.getByRole('tab', { name: 'Terminal' }).click()
    const screen = new TerminalScreen(win.page, win.page.getByRole('tabpanel'))
    await screen.isReady()
    for (let n = 0; n < 9; n++) await win.button('New session').click()
    await expect(win.page.getByRole('combobox', { name: 'Sessions' })).toContainText('Session 10', {
      timeout: 60_000,
    })
    await win.page.getByRole('tab', { name: 'Logs' }).click()
    const log = win.page.getByRole('region', { name: 'Logs of chatty' }).first()
    await expect(log).toContainText(/tick \d+/)
    await engine.kill9()
    await expect(win.page.getByRole('alert').filter({ hasText: 'No connection to' })).toBeVisible({
      timeout: 30_000,
    })
    await expect(log).toContainText(/Connection to the engine lost|The container ended/, { timeout: 30_000 })
    await win.page.getByRole('tab', { name: 'Terminal' }).click()
    await expect(win.page.getByText(/Session ended/).first()).toBeVisible({ timeout: 20_000 })
    await engine.restart()
    await expect(win.page.getByRole('alert').filter({ hasText: 'No connection to' })).toHaveCount(0, {
      timeout: 60_000,
    })
    await win.goTo('Activity')
    await expect(win.list('Tasks').row(`${registry.host}/team/app:1.0`)).toContainText(/Failed|Interrupted/)
    await win.goTo('Containers')
    await docker('start', 'chatty').catch(() => '')
    await expect(win.list('Containers').row('chatty')).toContainText('Running', { timeout: 30_000 })
  } finally {
    await registry.stop()
  }
})

test('an engine that hangs for a minute is told apart from a dead one, piles nothing up, and goes on when it wakes', async ({
  ownEngine,
  ownApp,
  openWindow,
  lab,
}) => {
  test.setTimeout(300_000)
  const engine = await ownEngine()
  const docker = dockerOf(engine.socket, lab.dockerConfig)
  const proxy = await startFaultProxy(engine.socket, `/tmp/slt-hung-${process.pid}.sock`)
  try {
    const win = await openWindow(await ownApp({ dockerHost: `unix://${proxy.socketPath}` }))
    await win.isReady()
    for (const name of ['asleep-too', 'stopped-amid']) await runSleeper(docker, name)
    const list = win.list('Containers')
    await expect(list.row('stopped-amid')).toContainText('Running')
    const hungAtMs = Date.now()
    engine.sigstop()
    try {
      await list.choose('stopped-amid', 'Restart')
      await expect(list.row('stopped-amid')).toContainText('Restarting…')
      const told = win.page.getByRole('alert').filter({ hasText: 'The engine keeps silent' }).first()
      await expect(told).toBeVisible({ timeout: 20_000 })
      // The window stays: what was known is shown, and its pages open.
      await win.goTo('Images')
      await win.goTo('Containers')
      await expect(list.row('asleep-too')).toBeVisible()
      // The whole minute: asking again and again must not pile connections up.
      let most = 0
      await expect
        .poll(
          () => {
            most = Math.max(most, proxy.openConnections)
            return Date.now() - hungAtMs
          },
          { timeout: 90_000 },
        )
        .toBeGreaterThan(60_000)
      expect(most).toBeLessThan(20)
    } finally {
      engine.sigcont()
    }
    await expect(win.page.getByRole('alert').filter({ hasText: 'No connection to' })).toHaveCount(0, {
      timeout: 60_000,
    })
    await expect(list.row('stopped-amid')).toContainText('Running', { timeout: 60_000 })
    await docker('rm', '-f', 'asleep-too')
    await expect(list.row('asleep-too')).toHaveCount(0)
  } finally {
    await proxy.close()
  }
})

test('a socket that goes, is refused, and comes back is followed in words', async ({
  ownApp,
  openWindow,
  lab,
  docker,
}) => {
  test.setTimeout(120_000)
  const path = `/tmp/slt-proxy-${process.pid}.sock`
  const proxy = await startFaultProxy(lab.socket, path)
  try {
    const win = await openWindow(await ownApp({ dockerHost: `unix://${path}` }))
    await win.isReady()
    const alert = win.page.getByRole('alert').filter({ hasText: 'No connection to' })
    await proxy.removeSocket()
    proxy.cut()
    await expect(alert).toContainText('There is no engine at this address', { timeout: 30_000 })
    await proxy.listen()
    await expect(alert).toHaveCount(0, { timeout: 30_000 })
    await proxy.refuse()
    proxy.cut()
    await expect(alert).toContainText('The engine does not answer', { timeout: 30_000 })
    await runSleeper(docker, 'made-meanwhile')
    await proxy.listen()
    await expect(alert).toHaveCount(0, { timeout: 30_000 })
    await expect(win.list('Containers').row('made-meanwhile')).toContainText('Running')
  } finally {
    await proxy.close()
  }
})

/** A folder that any user may write in, for an app that runs as nobody. */
async function openToNobody(home: string, lab: Lab): Promise<string> {
  await chmod(home, 0o777)
  await chmod(lab.dockerConfig, 0o755)
  return home
}

const nobody = 65_534
const dockerGroup = 'docker'

test('a socket that this user may not open names the group and the command', async ({
  ownApp,
  ownFolder,
  openWindow,
  lab,
}) => {
  test.skip(process.getuid?.() !== 0, 'only root can start the app as another user')
  const home = await openToNobody(await ownFolder('nobody'), lab)
  const path = `/tmp/slt-forbidden-${process.pid}.sock`
  const proxy = await startFaultProxy(lab.socket, path)
  try {
    const group = await run('getent', ['group', dockerGroup])
    await chown(path, 0, Number(group.stdout.split(':')[2]))
    await chmod(path, 0o660)
    const app = await ownApp({ home, uid: nobody, dockerHost: `unix://${path}` })
    const win = await openWindow(app)
    const road = win.page.getByRole('listitem').filter({ hasText: path })
    await expect(road).toContainText('You may not use this engine', { timeout: 30_000 })
    await expect(road).toContainText(`group “${dockerGroup}”`)
    await expect(road).toContainText(/usermod -aG docker/)
  } finally {
    await proxy.close()
  }
})

test('no engine at all opens on the roads, each with its reason and what mends it', async ({
  ownApp,
  ownFolder,
  openWindow,
  lab,
}) => {
  test.skip(process.getuid?.() !== 0, 'only root can start the app as another user')
  const home = await openToNobody(await ownFolder('nobody'), lab)
  const app = await ownApp({ home, uid: nobody, dockerHost: 'unix:///nowhere/docker.sock' })
  const win = await openWindow(app)
  const roads = win.page.getByRole('listitem')
  await expect(roads.filter({ hasText: '/nowhere/docker.sock' })).toContainText(
    'There is no engine at this address',
    { timeout: 30_000 },
  )
  await expect(roads.filter({ hasText: 'Private engine' })).toContainText(/Failed|Not there/, {
    timeout: 60_000,
  })
  await expect(roads.filter({ hasText: 'Installing Docker' })).toContainText('apt-get install')
  await expect(win.button('Try all roads again')).toBeVisible()
})

test('without any engine a private one is started, used, and ended with the app', async ({
  ownApp,
  ownFolder,
  openWindow,
  lab,
}) => {
  test.skip(existsSync('/var/run/docker.sock'), 'this machine runs an engine of its own')
  test.setTimeout(180_000)
  const home = await ownFolder('private')
  const app = await ownApp({ home, dockerHost: undefined })
  const win = await openWindow(app)
  await expect(win.page.getByText('No containers yet')).toBeVisible({ timeout: 120_000 })
  await win.open('/engine')
  await expect(win.page.getByRole('listitem').filter({ hasText: 'Private engine' })).toContainText('Taken')
  const docker = dockerOf(join(home, 'engine', 'docker.sock'), lab.dockerConfig)
  expect(await docker('version', '-f', '{{.Server.Version}}')).not.toBe('')
  // What is typed at a shell of the host goes to it, too, however the shell was asked for.
  await win.page.keyboard.press('Control+k')
  await win.page.getByPlaceholder('Go to, find or do…').fill('terminal on the host')
  await win.page.keyboard.press('Enter')
  const screen = new TerminalScreen(win.page, win.page.getByRole('region', { name: 'Terminals' }))
  await screen.isReady()
  await screen.run('echo "host is $DOCKER_HOST"')
  await screen.shows(`host is unix://${join(home, 'engine', 'docker.sock')}`)
  await win.page.close()
  await app.stop()
  await expect(docker('version')).rejects.toThrow()
  const left = await run('ps', ['axww', '-o', 'args'])
  expect(left.stdout).not.toContain(home)
})
