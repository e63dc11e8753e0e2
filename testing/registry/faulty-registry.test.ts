import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startFaultyRegistry, type FaultyRegistry } from './faulty-registry'

const blob = Buffer.from(Array.from({ length: 200_000 }, (_, n) => n % 251))
let behind: Server
let registry: FaultyRegistry
/** What the one behind was asked. */
let asked: string[]

beforeEach(async () => {
  asked = []
  behind = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      asked.push(`${request.method} ${request.url} ${Buffer.concat(parts).toString()}`.trim())
      response.writeHead(request.method === 'PUT' ? 201 : 200, { 'x-behind': 'yes' })
      response.end(request.method === 'PUT' ? '' : blob)
    })
  })
  await new Promise<void>((resolve) => behind.listen(0, '127.0.0.1', resolve))
  registry = await startFaultyRegistry(`127.0.0.1:${(behind.address() as AddressInfo).port}`)
})
afterEach(async () => {
  await registry.stop()
  behind.closeAllConnections()
  await new Promise((resolve) => behind.close(resolve))
})

const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`http://${registry.host}${path}`, init)
const bytesOf = async (answer: Response): Promise<Buffer> => Buffer.from(await answer.arrayBuffer())

test('without a fault everything passes as it is, and blobs are counted', async () => {
  const got = await ask('/v2/app/blobs/sha256:1')
  expect([got.status, got.headers.get('x-behind')]).toEqual([200, 'yes'])
  expect((await bytesOf(got)).equals(blob)).toBe(true)
  expect((await ask('/v2/app/manifests/1', { method: 'PUT', body: 'words' })).status).toBe(201)
  expect(asked).toEqual(['GET /v2/app/blobs/sha256:1', 'PUT /v2/app/manifests/1 words'])
  expect(registry.blobRequests()).toBe(1)
})

test('a login is asked of whoever does not say it', async () => {
  registry.faults.login = 'ann:secret'
  const refused = await ask('/v2/')
  expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Basic realm="test"'])
  const by = (login: string): RequestInit => ({
    headers: { authorization: `Basic ${Buffer.from(login).toString('base64')}` },
  })
  expect((await ask('/v2/', by('ann:wrong'))).status).toBe(401)
  expect(asked).toEqual([])
  expect((await ask('/v2/', by('ann:secret'))).status).toBe(200)
})

test('a status is every answer, and the registry is not asked', async () => {
  registry.faults.status = 503
  expect((await ask('/v2/app/blobs/sha256:1')).status).toBe(503)
  expect(asked).toEqual([])
  delete registry.faults.status
  expect((await ask('/v2/')).status).toBe(200)
})

test('blobs are damaged, of the same length; manifests are not', async () => {
  registry.faults.damageBlobs = true
  const got = await bytesOf(await ask('/v2/app/blobs/sha256:1'))
  expect(got.length).toBe(blob.length)
  expect(got.equals(blob)).toBe(false)
  expect((await bytesOf(await ask('/v2/app/manifests/1'))).equals(blob)).toBe(true)
})

test('a blob that stalls goes on when it is released, whole', async () => {
  registry.faults.stallBlobsAfter = 100_000
  let isWhole = false
  const whole = ask('/v2/app/blobs/sha256:1')
    .then(bytesOf)
    .finally(() => (isWhole = true))
  // Another answer goes its whole way meanwhile.
  expect((await bytesOf(await ask('/v2/app/manifests/1'))).equals(blob)).toBe(true)
  expect(isWhole).toBe(false)
  delete registry.faults.stallBlobsAfter
  await expect
    .poll(() => {
      registry.release()
      return isWhole
    })
    .toBe(true)
  expect((await whole).equals(blob)).toBe(true)
})
