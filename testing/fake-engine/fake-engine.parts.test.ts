import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dialUnix } from '../../src/main/core/engine/dial'
import { connectEngine, type ConnectedEngine } from '../../src/main/core/engine/engine-client'
import type { EngineId } from '../../src/shared/model'
import { FakeEngine, fakeContainer, fakeEvent } from './fake-engine'

const dir = mkdtempSync('/tmp/slipway-fake-')
const fake = new FakeEngine(join(dir, 's'), { apiVersion: '1.44' })
let client: ConnectedEngine

beforeAll(async () => {
  fake.holdings.containers = [fakeContainer(1), fakeContainer(2)]
  fake.holdings.volumes = [{ Name: 'v' }]
  fake.holdings.images = [{ Id: 'sha256:1', RepoTags: ['a:1'] }]
  await fake.start()
  const { signal } = new AbortController()
  client = await connectEngine({
    id: 'f' as EngineId,
    dial: dialUnix(fake.socketPath),
    address: 'fake',
    signal,
  })
})
afterAll(async () => {
  client.close()
  await fake.stop()
  rmSync(dir, { recursive: true })
})

test('it says who it is in the version it was given', () => {
  expect(client.facts).toMatchObject({ apiVersion: '1.44', name: 'fake', version: '20.10.24' })
})

test('lists are filtered by id, inspects find by id and by tag, and what is not there is 404', async () => {
  const query = { filters: { id: [String(fakeContainer(2)['Id'])] } }
  expect(await client.json({ path: '/containers/json', query })).toEqual([fakeContainer(2)])
  expect(await client.json({ path: '/images/a%3A1/json' })).toMatchObject({ Id: 'sha256:1' })
  expect(await client.json({ path: '/volumes/v' })).toEqual({ Name: 'v' })
  await expect(client.json({ path: '/volumes/none' })).rejects.toMatchObject({ code: 'object.not-found' })
})

test('events reach whoever listens', async () => {
  const stream = await client.stream({ path: '/events' })
  await expect.poll(() => fake.listeners, { timeout: 20_000 }).toBe(1)
  fake.emit(fakeEvent('x', 'start'))
  const [chunk] = (await stream.take(1).toArray()) as Buffer[]
  expect(chunk?.toString()).toContain('"start"')
  stream.destroy()
  await expect.poll(() => fake.listeners, { timeout: 20_000 }).toBe(0)
})
