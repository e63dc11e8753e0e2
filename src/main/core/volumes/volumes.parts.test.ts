import { afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { busyboxImage, testImage } from '../../../../testing/engine/images'
import { startTestEngine } from '../../../../testing/engine/start-engine'
import { fresh, live, local, ServiceLab } from '../../../../testing/services/service-lab'
import { volumeHandlers } from './volumes'

let lab: ServiceLab
let volumes: ReturnType<typeof volumeHandlers>
const names: string[] = []
const containers: string[] = []

beforeAll(async () => {
  lab = await ServiceLab.connect(inject('engineSocket'))
})
beforeEach(() => {
  volumes = volumeHandlers({
    engineOf: lab.engineOf,
    rowsOf: lab.rowsOf,
    wholeRowsOf: lab.rowsOf,
    letGo: nobody,
  })
})
afterEach(async () => {
  for (const id of containers.splice(0)) await lab.removeContainer(id)
  for (const id of names.splice(0)) await drop(id).catch(() => undefined)
})

const nobody = (): Promise<void> => Promise.resolve()

const drop = async (id: string): Promise<null> =>
  volumes['volumes.remove']({ engine: local, id, force: true }, live)

async function create(name: string, labels: Record<string, string> = {}): Promise<string> {
  const args = { engine: local, name, driver: 'local', options: {}, labels }
  const { id } = await volumes['volumes.create'](args, live)
  names.push(id)
  await lab.refresh()
  return id
}

test('a volume is made with labels, inspected and removed', async () => {
  const name = fresh('vol')
  expect(await create(name, { team: 'a' })).toBe(name)
  const raw = await volumes['volumes.inspect']({ engine: local, id: name }, live)
  expect(raw).toMatchObject({ Name: name, Driver: 'local', Labels: { team: 'a' } })
  await volumes['volumes.remove']({ engine: local, id: name, force: false }, live)
  await expect(volumes['volumes.inspect']({ engine: local, id: name }, live)).rejects.toMatchObject({
    code: 'object.not-found',
  })
})

test('options reach the driver, and wrong ones are refused with its words', async () => {
  const args = { engine: local, name: fresh('tmp'), driver: 'local', labels: {} }
  const options = { type: 'tmpfs', device: 'tmpfs', o: 'size=1m' }
  const { id } = await volumes['volumes.create']({ ...args, options }, live)
  names.push(id)
  expect(await volumes['volumes.inspect']({ engine: local, id }, live)).toMatchObject({ Options: options })
  const wrong = volumes['volumes.create']({ ...args, name: fresh('bad'), options: { nonsense: '1' } }, live)
  await expect(wrong).rejects.toMatchObject({
    facts: { detail: expect.stringContaining('nonsense') as string },
  })
})

test('a volume without a name gets one from the engine', async () => {
  expect(await create('')).toMatch(/^[0-9a-f]{64}$/)
})

test('a volume in use says by whom, also by a container that does not run', async () => {
  const name = await create(fresh('held'))
  const user = fresh('holder')
  containers.push(await lab.create(busyboxImage, { name: user, host: { Binds: [`${name}:/data`] } }))
  await lab.refresh()
  const removing = volumes['volumes.remove']({ engine: local, id: name, force: false }, live)
  await expect(removing).rejects.toMatchObject({
    code: 'object.in-use',
    facts: { kind: 'volume', name, names: user, count: 1 },
  })
})

test('a plan has what no container mounts, with sizes; a prune takes just what was named', async () => {
  const own = await startTestEngine({ network: 'none' })
  try {
    await testImage(own.socket)
    const there = await ServiceLab.connect(own.socket)
    const handlers = volumeHandlers({
      engineOf: there.engineOf,
      rowsOf: there.rowsOf,
      wholeRowsOf: there.rowsOf,
      letGo: nobody,
    })
    const put = async (name: string) =>
      handlers['volumes.create']({ engine: local, name, driver: 'local', options: {}, labels: {} }, live)
    await Promise.all(['used', 'free', 'spare', 'full'].map(put))
    const anonymous = (await put('')).id
    // Mounted without a name: its anonymous volume is in use too.
    await there.create(busyboxImage, { host: { Binds: ['used:/u'] }, config: { Volumes: { '/anon': {} } } })
    const writer = await there.create(busyboxImage, {
      host: { Binds: ['full:/f'] },
      config: { Cmd: ['sh', '-c', 'head -c 100000 /dev/zero > /f/data'] },
    })
    await there.start(writer)
    await there.engine.json({ method: 'POST', path: `/containers/${writer}/wait` })
    await there.removeContainer(writer)
    await there.refresh()
    const sizes = (await handlers['volumes.sizes']({ engine: local }, live)).sizes
    expect(sizes.find(({ id }) => id === 'full')?.sizeBytes).toBeGreaterThanOrEqual(100_000)
    expect(sizes.find(({ id }) => id === 'used')?.refCount).toBe(1)
    const all = await handlers['volumes.prunePlan']({ engine: local, all: true }, live)
    expect(all.entries.map(({ name }) => name).sort()).toEqual(['free', 'full', 'spare', anonymous].sort())
    expect(all.totalBytes).toBeGreaterThanOrEqual(100_000)
    const some = await handlers['volumes.prunePlan']({ engine: local, all: false }, live)
    expect(some.entries.map(({ name }) => name)).toEqual([anonymous])
    const done = await handlers['volumes.prune']({ engine: local, ids: ['full', 'used', 'gone'] }, live)
    expect(done.removed).toBe(1)
    expect(done.reclaimedBytes).toBeGreaterThanOrEqual(100_000)
    await there.refresh()
    const left = there.rowsOf(local, 'volumes').map(({ id }) => id)
    expect(left).toEqual(expect.arrayContaining(['free', 'spare', 'used', anonymous]))
    expect(left).not.toContain('full')
    await expect(handlers['volumes.prune']({ engine: local, ids: ['used'] }, live)).rejects.toMatchObject({
      code: 'object.in-use',
    })
  } finally {
    await own.stop()
  }
}, 120_000)
