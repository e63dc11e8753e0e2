import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { AppError, type ErrorCode } from '../../../../shared/errors'
import type { Road } from '../../../../shared/model'
import { parseHost } from './docker-context'
import { addressText, findEngines, type Surroundings } from './find-engines'

async function freshHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'sl-home-'))
  onTestFinished(() => rm(home, { recursive: true, force: true }))
  return home
}

/** A world in which just these addresses answer; the others fail with a code. */
function world(home: string, answers: Readonly<Record<string, ErrorCode | 'ok'>>): Surroundings {
  return {
    env: { XDG_RUNTIME_DIR: '/run/user/7', PATH: home },
    home,
    uid: 7,
    choice: 'auto',
    sockets: { rootful: '/r.sock', podman: '/p.sock' },
    probe: (address) => {
      const answer = answers[addressText(address)] ?? 'engine.socket-missing'
      return answer === 'ok' ? Promise.resolve() : Promise.reject(new AppError(answer, 'no'))
    },
  }
}
const outcomes = (roads: readonly Road[]): string[] => roads.map((r) => `${r.road} ${r.outcome}`)

test('the first road that answers is taken and those after it are not gone', async () => {
  const home = await freshHome()
  const around = world(home, { 'unix:///r.sock': 'ok', 'tcp://h:2375': 'ok', 'unix:///p.sock': 'ok' })
  const env = { ...around.env, DOCKER_HOST: 'tcp://h:2375' }
  const found = await findEngines({ ...around, env })
  expect(found.taken).toMatchObject({ origin: 'docker-host', address: { host: 'h', port: 2375 } })
  expect(outcomes(found.roads).slice(0, 3)).toEqual([
    'docker-host taken',
    'docker-context not-tried',
    'rootful-socket not-tried',
  ])
})

test('a link or a context that leads to a machine of ours is no engine of this host', async () => {
  const home = await freshHome()
  const ownSockets = join(home, 'run', 'machines')
  const [link, socket] = [join(home, 'docker.sock'), join(ownSockets, 'm-1', 'docker.sock')]
  await symlink(socket, link)
  const around = {
    ...world(home, { [`unix://${link}`]: 'ok', [`unix://${socket}`]: 'ok', 'unix:///p.sock': 'ok' }),
    ownSockets,
    sockets: { rootful: link, podman: '/p.sock' },
  }
  const env = { ...around.env, DOCKER_HOST: `unix://${socket}` }
  const { taken, roads } = await findEngines({ ...around, env })
  expect(taken?.name).toBe('Podman')
  expect(outcomes(roads)).toEqual(expect.arrayContaining(['docker-host absent', 'rootful-socket absent']))
})

test('a road that fails says why and how it is mended, and the next is gone', async () => {
  const home = await freshHome()
  const around = world(home, {
    'unix:///r.sock': 'engine.forbidden',
    'unix:///run/user/7/podman/podman.sock': 'ok',
  })
  const { taken, roads } = await findEngines(around)
  expect(taken?.name).toBe('Podman')
  expect(roads[2]).toMatchObject({ outcome: 'failed', mend: 'sudo usermod -aG docker "$USER"' })
  expect(outcomes(roads)).toEqual([
    'docker-host absent',
    'docker-context absent',
    'rootful-socket failed',
    'rootless-socket absent',
    'podman-socket taken',
    'podman-socket not-tried',
    'private-engine not-tried',
    'install not-tried',
  ])
})

test('the current docker context is read as the CLI wrote it, with its TLS files', async () => {
  const home = await freshHome()
  const id = createHash('sha256').update('far').digest('hex')
  const meta = join(home, '.docker/contexts/meta', id)
  const tls = join(home, '.docker/contexts/tls', id, 'docker')
  await mkdir(meta, { recursive: true })
  await mkdir(tls, { recursive: true })
  await writeFile(join(home, '.docker/config.json'), '{"currentContext":"far"}')
  await writeFile(join(meta, 'meta.json'), '{"Endpoints":{"docker":{"Host":"tcp://far:2376"}}}')
  await writeFile(join(tls, 'ca.pem'), '')
  const { taken } = await findEngines(world(home, { 'tcp://far:2376': 'ok' }))
  expect(taken?.address).toEqual({
    kind: 'tcp',
    host: 'far',
    port: 2376,
    tls: { caFile: join(tls, 'ca.pem') },
  })
})

test('dockerd without the right to run it fails the private road; root takes it', async () => {
  const home = await freshHome()
  await writeFile(join(home, 'dockerd'), '', { mode: 0o755 })
  const around = world(home, {})
  const denied = await findEngines(around)
  expect(denied.taken).toBeUndefined()
  expect(denied.roads.at(-2)).toMatchObject({ outcome: 'failed', error: { code: 'engine.forbidden' } })
  expect((await findEngines({ ...around, uid: 0 })).taken?.origin).toBe('private')
})

test('who chose the private engine gets it although another answers', async () => {
  const home = await freshHome()
  await writeFile(join(home, 'dockerd'), '', { mode: 0o755 })
  const around = world(home, { 'unix:///r.sock': 'ok' })
  const found = await findEngines({ ...around, uid: 0, choice: 'private' })
  expect(found.taken?.origin).toBe('private')
  expect(found.roads[2]?.outcome).toBe('not-tried')
})

test.each([
  'unix://relative',
  'ssh://-oX@h',
  'ssh://-h',
  'ssh://h/run/x.sock',
  'tcp://',
  'tcp://h:99999',
  'npipe:////./x',
  'h:2375',
  '',
])('the address %j is refused', (text) => {
  expect(() => parseHost(text)).toThrow(AppError)
})

test('an IPv6 address loses its brackets and gets them back', () => {
  expect(addressText(parseHost('tcp://[::1]:2376'))).toBe('tcp://[::1]:2376')
})

test('an engine over SSH is named as ssh names a host', () => {
  expect(parseHost('ssh://me@box.example:2222')).toEqual({
    kind: 'ssh',
    host: 'box.example',
    user: 'me',
    port: 2222,
  })
  expect(addressText(parseHost('ssh://me@[::1]:2222'))).toBe('ssh://me@[::1]:2222')
  expect(addressText(parseHost('ssh://box'))).toBe('ssh://box')
})
