import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fingerprint, newKeyPair } from '../../src/main/core/tunnel/keys'
import { Cleanup } from '../../src/shared/std/cleanup'
import type { TestEngine } from '../../testing/engine/start-engine'
import { loadImage } from '../../testing/engine/images'
import { startSshHost, type SshHost } from '../../testing/ssh-host/ssh-host'
import { runShell } from '../fixtures/containers'
import { dockerOf } from '../fixtures/docker'
import { known } from '../fixtures/known-layers'
import { expect, test as base } from '../fixtures/test'
import type { AppWindow } from '../pages/app-window'
import { TerminalScreen } from '../pages/terminal-screen'

/** What a login and the first list of an engine may take beside busy neighbours. */
const loginMs = 30_000
/** A pulled cable says nothing: it is told once the engine, or the link, has been silent for too long. */
const silenceMs = 45_000
/** A host that failed is tried less and less often, in the end twice a minute. */
const returnMs = 90_000

/** No other engine has it: the near one is every other spec's. */
const farImage = 'slipway-test/far-layers:1'
const notice = 'For staff only. Every login is recorded.'

/** A host on a network of its own, with an engine that is reached by SSH alone. */
const test = base.extend<{ readonly farHost: (engine: TestEngine) => Promise<SshHost> }>({
  farHost: async ({}, use) => {
    const cleanup = new Cleanup()
    await use(async (engine) => {
      const config = [`SetEnv DOCKER_HOST=${engine.host}`]
      const host = await startSshHost({ config, isApart: true, port: 2222, banner: `${notice}\n` })
      cleanup.add(() => host.stop())
      return host
    })
    await cleanup.close()
  },
})

const addressOf = ({ host, port }: SshHost): string => `ssh://root@${host}:${port}`
const question = (win: AppWindow) => win.dialog.getByRole('group', { name: /is not known yet/ })
const lost = (win: AppWindow) => win.page.getByRole('alert').filter({ hasText: 'No connection to Far away' })

/** As a person does it: an address, a test, the host's key compared and trusted, and the engine is there. */
async function addsEngine(win: AppWindow, host: SshHost): Promise<void> {
  await win.goTo('Settings')
  await win.button('Add an engine…').click()
  await win.dialog.getByLabel('Name', { exact: true }).fill('Far away')
  await win.select('Reached by', 'SSH')
  await win.dialog.getByLabel('Host', { exact: true }).fill(addressOf(host))
  await win.dialog.getByLabel('Identity file', { exact: true }).fill(host.keyFile)
  await win.dialog.getByRole('button', { name: 'Test', exact: true }).click()
  await expect(question(win)).toContainText(`root@${host.host}:${host.port}`, { timeout: loginMs })
  await expect(question(win)).toContainText(`ssh-ed25519 ${fingerprint(host.hostKey)}`)
  expect(await host.log()).not.toContain('Accepted')
  await question(win).getByRole('button', { name: 'They are the same: trust it' }).click()
  await expect(win.dialog).toContainText('answers: version', { timeout: loginMs })
  await expect(win.dialog.getByRole('figure', { name: 'Notice of the host' })).toContainText(notice)
  await win.confirm('Add')
  const entry = win.page.getByRole('listitem').filter({ hasText: 'Far away' })
  await expect(entry).toContainText(addressOf(host))
  await win.goTo('Containers')
}

async function opens(win: AppWindow, tab: string): Promise<void> {
  await win.page.getByRole('tab', { name: tab, exact: true }).click()
}

test('an engine is added by SSH once its host is trusted, and all of it is used', async ({
  ownApp,
  ownEngine,
  farHost,
  openWindow,
  docker,
  lab,
}) => {
  test.setTimeout(180_000)
  const engine = await ownEngine()
  const farDocker = dockerOf(engine.socket, lab.dockerConfig)
  await runShell(docker, 'near-by', 'sleep 1000')
  await runShell(farDocker, 'far-off', 'echo said far away; sleep 1000')
  await loadImage(engine.socket, { ...known, reference: farImage })
  const host = await farHost(engine)
  const app = await ownApp()
  const win = await openWindow(app)
  await win.isReady()
  await addsEngine(win, host)
  expect(await readFile(join(app.home, '.ssh', 'known_hosts'), 'utf8')).toContain(host.hostKey.split(' ')[1])
  const list = win.list('Containers')
  await expect(list.row('far-off')).toContainText('Far away', { timeout: loginMs })
  await expect(list.row('near-by')).not.toContainText('Far away')
  await list.openRow('far-off')
  await expect(win.page.getByRole('region', { name: 'Logs of far-off' }).first()).toContainText(
    'said far away',
  )
  await opens(win, 'Terminal')
  const screen = new TerminalScreen(win.page, win.page.getByRole('tabpanel'))
  await screen.isReady()
  await screen.run('echo in-$(hostname)')
  await screen.shows(`in-${(await farDocker('ps', '-q')).slice(0, 12)}`)
  await opens(win, 'Stats')
  const memory = win.page.getByRole('figure', { name: 'Memory of far-off' })
  await expect(memory).toContainText(/Used [1-9][\d.,]* \w+B/, { timeout: loginMs })
  await win.goTo('Images')
  await win.list('Images').openRow(farImage)
  const layers = win.page.getByRole('list', { name: 'Layers', exact: true })
  await expect(layers.getByRole('listitem')).toHaveCount(3, { timeout: loginMs })
})

test('a link that is cut is told and comes back; a host with another key is refused, by both fingerprints', async ({
  ownApp,
  ownEngine,
  farHost,
  openWindow,
  lab,
}) => {
  test.setTimeout(360_000)
  const engine = await ownEngine()
  const farDocker = dockerOf(engine.socket, lab.dockerConfig)
  const host = await farHost(engine)
  const win = await openWindow(await ownApp())
  await win.isReady()
  await addsEngine(win, host)
  const list = win.list('Containers')
  await runShell(farDocker, 'before', 'sleep 1000')
  await expect(list.row('before')).toBeVisible({ timeout: loginMs })
  await test.step('the cable is pulled, and plugged in again', async () => {
    await host.network?.pullCable()
    await expect(lost(win)).toBeVisible({ timeout: silenceMs })
    await expect(list.row('before')).toBeVisible()
    await runShell(farDocker, 'meanwhile', 'sleep 1000')
    await host.network?.plugIn()
    await expect(lost(win)).toHaveCount(0, { timeout: returnMs })
    await expect(list.row('meanwhile')).toContainText('Running', { timeout: loginMs })
  })
  await test.step('the host shows another key, then its own again', async () => {
    const ownKey = await readFile(join(host.dir, 'host_key'), 'utf8')
    const other = newKeyPair('another host')
    await host.showKey(other.privateKey)
    await expect(lost(win)).toContainText('The host shows another key than before', { timeout: loginMs })
    await expect(lost(win)).toContainText(`should have ${fingerprint(host.hostKey)}`)
    await expect(lost(win)).toContainText(`shows ${fingerprint(other.publicKey)}`)
    await expect(lost(win)).toContainText('ssh-keygen -R')
    await host.showKey(ownKey)
    await expect(lost(win)).toHaveCount(0, { timeout: returnMs })
  })
})
