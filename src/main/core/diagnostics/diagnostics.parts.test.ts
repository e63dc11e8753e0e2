import { randomBytes } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, inject, onTestFinished, test } from 'vitest'
import { busyboxImage } from '../../../../testing/engine/images'
import { ServiceLab } from '../../../../testing/services/service-lab'
import { startCore, type Core } from '../core'
import { log } from '../platform/log'

const { signal } = new AbortController()

async function coreOf(env: Record<string, string>): Promise<{ core: Core; dataDir: string }> {
  const dataDir = await mkdtemp('/tmp/slc-')
  const sockets = { rootful: join(dataDir, 'none'), podman: join(dataDir, 'none') }
  const alone = { PATH: process.env['PATH'] ?? '', HOME: dataDir, XDG_RUNTIME_DIR: dataDir }
  const core = await startCore({
    ...{ host: 'serve', dataDir, env: { ...alone, ...env }, surroundings: { uid: 1000, sockets } },
  })
  onTestFinished(async () => {
    await core.close()
    await rm(dataDir, { recursive: true, force: true })
  })
  return { core, dataDir }
}

test('an engine that is not there is told with its reason, and the folder and disk that are', async () => {
  const { core, dataDir } = await coreOf({ DOCKER_HOST: 'unix:///nowhere/docker.sock' })
  const { checks } = await core.handlers['diagnostics.run']({}, signal)
  expect(checks[0]?.state).toBe('bad')
  expect(checks.find(({ name }) => name === 'data-folder')).toMatchObject({ state: 'good', subject: dataDir })
  expect(checks.find(({ name }) => name === 'free-space')?.facts['freeBytes']).toBeGreaterThan(0)
  const cli = checks.find(({ name }) => name === 'docker-cli')
  expect(cli).toMatchObject({ state: 'good', facts: { context: 'unix:///nowhere/docker.sock' } })
})

test('a report tells versions, checks and the ends of logs, and none of what is secret', async () => {
  const secrets = Array.from({ length: 50 }, () => `canary-${randomBytes(8).toString('hex')}`)
  const socket = inject('engineSocket')
  const lab = await ServiceLab.connect(socket)
  const id = await lab.create(busyboxImage, {
    config: {
      Env: secrets.map((secret, n) => `API_KEY_${n}=${secret}`),
      Labels: { password: secrets[0] },
      Cmd: ['sh', '-c', 'sleep 1000', '--token', secrets[1]],
    },
  })
  onTestFinished(() => lab.removeContainer(id))
  const { core } = await coreOf({
    DOCKER_HOST: `unix://${socket}`,
    HTTPS_PROXY: `http://me:${secrets[2]}@p:1`,
  })
  const said = [
    `DB_PASSWORD=${secrets[5]} AWS_SECRET_ACCESS_KEY=${secrets[6]} api-key: ${secrets[7]}`,
    `{"auth":1,"splunk-token":"${secrets[8]}"} --token ${secrets[9]} Authorization: Bearer ${secrets[10]}`,
  ]
  appendFileSync(core.paths.engine.log, `${said.join('\n')}\n`)
  log.warn('core', 'a password by mistake', { password: secrets[3], url: `https://me:${secrets[4]}@host/x` })
  await until(() => core.handlers['diagnostics.run']({}, signal))
  await lab.start(id)
  const { text } = await core.handlers['diagnostics.report']({}, signal)
  expect(text).toMatch(/== Checks\n(.*\n)*good +engine: .* runs: version/)
  expect(text).toContain('== logs/core.log')
  expect(text).toContain('a password by mistake')
  expect(text).toContain('DB_PASSWORD=[hidden]')
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
})

/** Until the engine is up: what runs at the start is no fault of it. */
async function until(run: () => ReturnType<Core['handlers']['diagnostics.run']>): Promise<void> {
  await expect
    .poll(async () => (await run()).checks.find(({ name }) => name === 'engine')?.state, { timeout: 15_000 })
    .toBe('good')
}
