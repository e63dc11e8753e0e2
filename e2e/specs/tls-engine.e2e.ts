import { mkdtemp, rm } from 'node:fs/promises'
import { testImage } from '../../testing/engine/images'
import { startTestEngine } from '../../testing/engine/start-engine'
import { freePort } from '../../testing/ports/free-port'
import { Authority, type Certificate } from '../../testing/tls/certificates'
import { runSleeper } from '../fixtures/containers'
import { dockerOf } from '../fixtures/docker'
import { expect, test } from '../fixtures/test'
import type { AppWindow } from '../pages/app-window'

async function fillForm(win: AppWindow, port: number): Promise<void> {
  await win.goTo('Settings')
  await win.button('Add an engine…').click()
  await win.dialog.getByLabel('Name', { exact: true }).fill('Far away')
  await win.select('Reached by', 'TCP')
  await win.dialog.getByLabel('Host', { exact: true }).fill('127.0.0.1')
  await win.dialog.getByLabel('Port', { exact: true }).fill(String(port))
}

async function askWith(win: AppWindow, { ca, cert, key }: Certificate): Promise<void> {
  await win.dialog.getByLabel('CA file', { exact: true }).fill(ca)
  await win.dialog.getByLabel('Certificate file', { exact: true }).fill(cert)
  await win.dialog.getByLabel('Key file', { exact: true }).fill(key)
  await win.dialog.getByRole('button', { name: 'Test', exact: true }).click()
}

test('an engine is added by TCP with its TLS files; wrong ones are told in words', async ({
  ownApp,
  openWindow,
  lab,
}) => {
  test.setTimeout(180_000)
  const folder = await mkdtemp('/tmp/slt-tls-')
  const ours = await Authority.make(folder, 'ours')
  const [server, client] = [await ours.issue('server'), await ours.issue('client')]
  const stranger = await (await Authority.make(folder, 'strange')).issue('stranger')
  const port = await freePort()
  const tls = [
    '--tlsverify',
    `--tlscacert=${server.ca}`,
    `--tlscert=${server.cert}`,
    `--tlskey=${server.key}`,
  ]
  const engine = await startTestEngine({ network: 'none', args: [`--host=tcp://127.0.0.1:${port}`, ...tls] })
  try {
    await testImage(engine.socket)
    const docker = dockerOf(engine.socket, lab.dockerConfig)
    await runSleeper(docker, 'behind-tls', '--network', 'none')
    const win = await openWindow(await ownApp())
    await win.isReady()
    await fillForm(win, port)
    const told = win.dialog.getByRole('alert')
    const encrypt = win.dialog.getByRole('checkbox', { name: 'Encrypt with TLS' })
    await encrypt.click()
    await expect(win.dialog).toContainText('anybody who can reach the port owns the host')
    await win.dialog.getByRole('button', { name: 'Test', exact: true }).click()
    await expect(told).toContainText('It wants TLS')
    await encrypt.click()
    await askWith(win, { ...client, ca: stranger.ca })
    await expect(told).toContainText('No secure connection to the engine')
    await expect(told).toContainText('Its certificate is not from the CA')
    await askWith(win, { ...client, cert: stranger.cert, key: stranger.key })
    await expect(told).toContainText('No secure connection to the engine')
    await expect(told).toContainText('The engine refused your certificate')
    await askWith(win, { ...client, key: `${folder}/missing.pem` })
    await expect(told).toContainText(`${folder}/missing.pem cannot be read`)
    await askWith(win, { ...client, key: stranger.key })
    await expect(told).toContainText('No secure connection to the engine')
    await askWith(win, client)
    await expect(win.dialog).toContainText('answers: version')
    await win.confirm('Add')
    await win.goTo('Containers')
    const list = win.list('Containers')
    await expect(list.row('behind-tls')).toContainText('Far away')
    await list.choose('behind-tls', 'Stop')
    await expect(list.row('behind-tls')).toContainText('Exited')
    await win.reload()
    await expect(list.row('behind-tls')).toContainText('Far away')
  } finally {
    await engine.stop()
    await rm(folder, { recursive: true, force: true })
  }
})
