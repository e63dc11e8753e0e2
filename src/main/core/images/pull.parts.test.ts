import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'
import { run } from '../platform/child'
import { loadImage } from '../../../../testing/engine/images'
import { startRegistry, type TestRegistry } from '../../../../testing/engine/registry'
import { startTestEngine } from '../../../../testing/engine/start-engine'
import { startFaultyRegistry, type FaultyRegistry } from '../../../../testing/registry/faulty-registry'
import { fresh, live, ServiceLab } from '../../../../testing/services/service-lab'
import { AppError } from '../../../shared/errors'
import type { Progress } from '../../../shared/model'
import { hasContainerdStore } from '../engine/facts'
import { createAuthHeaderFor } from '../registries/registry-auth'
import { pullImage, type AuthHeaderFor } from './pull'
import { removeImage } from './removal'

const path = `team/${fresh('pull')}`
const layerBytes = 3_000_000
let lab: ServiceLab
let registry: TestRegistry
let faulty: FaultyRegistry

beforeAll(async () => {
  const socket = inject('engineSocket')
  lab = await ServiceLab.connect(socket)
  registry = await startRegistry()
  faulty = await startFaultyRegistry(registry.host)
  const reference = `${registry.host}/${path}:1`
  // Two layers of noise: nothing compresses away, so their bytes are seen coming.
  const layers = [1, 2].map((n) => [{ name: `noise-${n}`, data: randomBytes(layerBytes) }])
  await loadImage(socket, { reference, layers, config: { Cmd: ['/none'] } })
  const pushed = await run('docker', ['--host', `unix://${socket}`, 'push', '-q', reference])
  expect(pushed.stderr).toBe('')
  await lab.dropImage(reference)
})
afterEach(async () => {
  for (const key of Object.keys(faulty.faults) as (keyof typeof faulty.faults)[]) delete faulty.faults[key]
  faulty.release()
  await lab.dropImage(there())
  await lab.dropImage(`${registry.host}/${path}:1`)
})
afterAll(async () => {
  await faulty.stop()
  await registry.stop()
})

const there = (tag = ':1'): string => `${faulty.host}/${path}${tag}`
/** containerd's store told nothing of a layer that it unpacked before 28. */
const lastWord = (): RegExp =>
  hasContainerdStore(lab.engine.facts) ? /^(Pull|Download) complete$/ : /^Pull complete$/
const noAuth: AuthHeaderFor = () => Promise.resolve({})

interface Asking {
  authHeaderFor?: AuthHeaderFor
  signal?: AbortSignal
  progress?: (progress: Progress) => void
  engine?: ServiceLab['engine']
  platform?: string
}
const pull = (reference: string, { engine = lab.engine, ...more }: Asking = {}) =>
  pullImage(engine, reference, { authHeaderFor: noAuth, signal: live, progress: () => undefined, ...more })

test('a pull tells its layers, its bytes, and the id of the image', async () => {
  const told: Progress[] = []
  // Held in the middle: an engine need not tell of bytes that come at once.
  faulty.faults.stallBlobsAfter = layerBytes / 2
  const pulling = pull(there(), { progress: (progress) => told.push(progress) })
  pulling.catch(() => undefined)
  await expect.poll(() => told.at(-1)?.totalBytes ?? 0, { timeout: 30_000 }).toBeGreaterThan(2 * layerBytes)
  expect(told.at(-1)?.doneBytes).toBeGreaterThan(0)
  expect(told.at(-1)?.doneBytes).toBeLessThan(2 * layerBytes)
  delete faulty.faults.stallBlobsAfter
  faulty.release()
  const { id } = await pulling
  expect(id).toMatch(/^sha256:[0-9a-f]{64}$/)
  expect(await lab.hasImage(id)).toBe(true)
  const ids = new Set(told.flatMap(({ parts = [] }) => parts.map((part) => part.id)))
  expect(ids.size).toBe(2)
  const last = told.at(-1)
  expect(last?.doneBytes).toBe(last?.totalBytes)
  expect(last?.totalBytes).toBeGreaterThan(2 * layerBytes)
  expect(told.flatMap(({ parts = [] }) => parts).at(-1)?.status).toMatch(lastWord())
  expect((await pull(there())).id).toBe(id)
})

test('a digest is pulled as such, and what has no other name is removed by it', async () => {
  const { id } = await pull(there())
  const image = await lab.engine.json<{ RepoDigests: string[] }>({ path: `/images/${id}/json` })
  const digest = image.RepoDigests[0]?.split('@')[1] ?? ''
  await lab.dropImage(there())
  expect((await pull(there(`@${digest}`))).id).toBe(id)
  await removeImage(lab.engine, { id, force: false, rowsOf: lab.rowsOf }, live)
  expect(await lab.hasImage(id)).toBe(false)
})

test.each([
  ['a tag that is not there', () => there(':nope'), 'registry.not-found'],
  ['a repository that is not there', () => `${faulty.host}/no/such`, 'registry.not-found'],
  ['a registry that is not there', () => '127.0.0.1:1/a/b', 'registry.unreachable'],
])('%s is told as such', async (_, reference, code) => {
  await expect(pull(reference())).rejects.toMatchObject({ code })
})

test('an image for other platforms only is told as not found', async () => {
  const manifest = `http://${registry.host}/v2/${path}/manifests`
  const kind = 'application/vnd.docker.distribution.manifest'
  const found = await fetch(`${manifest}/1`, { headers: { Accept: `${kind}.v2+json` } })
  const digest = found.headers.get('docker-content-digest')
  const size = (await found.arrayBuffer()).byteLength
  const platform = { architecture: 's390x', os: 'linux' }
  const body = {
    ...{ schemaVersion: 2, mediaType: `${kind}.list.v2+json` },
    manifests: [{ mediaType: `${kind}.v2+json`, size, digest, platform }],
  }
  const headers = { 'Content-Type': body.mediaType }
  const put = await fetch(`${manifest}/foreign`, { method: 'PUT', headers, body: JSON.stringify(body) })
  expect(put.status).toBe(201)
  await expect(pull(there(':foreign'))).rejects.toMatchObject({ code: 'registry.not-found' })
})

test.each(['', 'Up/Case', 'a b', 'x:', '-x', 'a'.repeat(300)])(
  'the reference %j starts nothing',
  async (text) => {
    const before = faulty.blobRequests()
    await expect(pull(text)).rejects.toMatchObject({ code: 'input.invalid', facts: { path: 'reference' } })
    expect(faulty.blobRequests()).toBe(before)
  },
)

test('a registry that says too many requests is told as such', async () => {
  faulty.faults.status = 429
  await expect(pull(there())).rejects.toMatchObject({ code: 'registry.rate-limited' })
})

test('a registry that fails is told as such', async () => {
  faulty.faults.status = 503
  await expect(pull(there())).rejects.toMatchObject({ code: 'registry.unreachable' })
})

test('a login kept in the config of docker opens a private registry', async () => {
  faulty.faults.login = 'me:s3cret'
  await expect(pull(there())).rejects.toMatchObject({ code: 'registry.unauthorized' })
  const home = mkdtempSync(join(tmpdir(), 'slipway-pull-'))
  const pullAs = (login: string) => {
    const auths = { [faulty.host]: { auth: Buffer.from(login).toString('base64') } }
    writeFileSync(join(home, 'config.json'), JSON.stringify({ auths }))
    return pull(there(), { authHeaderFor: createAuthHeaderFor({ env: { DOCKER_CONFIG: home } }) })
  }
  try {
    await expect(pullAs('me:wrong')).rejects.toMatchObject({ code: 'registry.unauthorized' })
    expect((await pullAs('me:s3cret')).id).toMatch(/^sha256:/)
  } finally {
    rmSync(home, { recursive: true })
  }
})

test('why credentials could not be read matters only when the registry wants them', async () => {
  const problem = new AppError('file.failed', 'broken config', { facts: { path: '/x' } })
  const authHeaderFor: AuthHeaderFor = () => Promise.resolve({ problem })
  expect((await pull(there(), { authHeaderFor })).id).toMatch(/^sha256:/)
  await lab.dropImage(there())
  faulty.faults.login = 'me:s3cret'
  await expect(pull(there(), { authHeaderFor })).rejects.toBe(problem)
})

test('damaged layers are refused, no image is left, and they come whole the next time', async () => {
  faulty.faults.damageBlobs = true
  await expect(pull(there())).rejects.toMatchObject({ code: 'image.damaged', facts: { reference: there() } })
  expect(await lab.hasImage(there())).toBe(false)
  delete faulty.faults.damageBlobs
  // containerd's store forgets what was damaged a moment later.
  const isPulled = () => pull(there()).then(({ id }) => id !== '')
  await expect.poll(() => isPulled().catch(() => false), { timeout: 10_000 }).toBe(true)
})

test('a cancel ends a pull that stands still, and a second pull works', async () => {
  faulty.faults.stallBlobsAfter = layerBytes / 2
  const abort = new AbortController()
  let doneBytes = 0
  const pulling = pull(there(), {
    signal: abort.signal,
    progress: (progress) => (doneBytes = progress.doneBytes ?? doneBytes),
  })
  pulling.catch(() => undefined)
  await expect.poll(() => doneBytes, { timeout: 30_000 }).toBeGreaterThan(0)
  abort.abort()
  await expect(pulling).rejects.toMatchObject({ code: 'cancelled' })
  expect(await lab.hasImage(there())).toBe(false)
  delete faulty.faults.stallBlobsAfter
  faulty.release()
  expect((await pull(there())).id).toMatch(/^sha256:/)
})

test('an engine killed in the middle of a pull is told as gone, never as done', async () => {
  const own = await startTestEngine({ network: 'none' })
  try {
    const { engine } = await ServiceLab.connect(own.socket)
    faulty.faults.stallBlobsAfter = layerBytes / 2
    let doneBytes = 0
    const progress = (told: Progress): void => void (doneBytes = told.doneBytes ?? doneBytes)
    const pulling = pull(there(), { engine, progress })
    pulling.catch(() => undefined)
    await expect.poll(() => doneBytes, { timeout: 30_000 }).toBeGreaterThan(0)
    await own.kill9()
    await expect(pulling).rejects.toMatchObject({ code: 'engine.unreachable' })
    delete faulty.faults.stallBlobsAfter
    faulty.release()
    await own.restart()
    const again = await ServiceLab.connect(own.socket)
    expect(await again.hasImage(there())).toBe(false)
    expect((await pull(there(), { engine: again.engine })).id).toMatch(/^sha256:/)
  } finally {
    await own.stop()
  }
}, 120_000)
