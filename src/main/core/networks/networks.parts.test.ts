import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { busyboxImage, testImage } from '../../../../testing/engine/images'
import { startTestEngine, type TestEngine } from '../../../../testing/engine/start-engine'
import { fresh, live, local, ServiceLab } from '../../../../testing/services/service-lab'
import { AppError } from '../../../shared/errors'
import type { RowsOf } from '../inventory/inventory'
import { networkHandlers } from './networks'

let own: TestEngine
let lab: ServiceLab
const readAgain: string[] = []
let networks: ReturnType<typeof networkHandlers>

beforeAll(async () => {
  own = await startTestEngine()
  await testImage(own.socket)
  lab = await ServiceLab.connect(own.socket)
})
afterAll(() => own.stop())
beforeEach(() => {
  readAgain.length = 0
  networks = networkHandlers({
    engineOf: lab.engineOf,
    ...{ rowsOf: lab.rowsOf, wholeRowsOf: lab.rowsOf },
    readContainer: (ref) => void readAgain.push(ref.id),
  })
})

const plain = {
  engine: local,
  driver: 'bridge',
  internal: false,
  attachable: false,
  ipv6: false,
  subnets: [],
  options: {},
  labels: {},
}
async function create(name: string, more: Partial<Parameters<(typeof networks)['networks.create']>[0]> = {}) {
  const { id } = await networks['networks.create']({ ...plain, name, ...more }, live)
  await lab.refresh()
  return id
}
const inspect = (id: string) => networks['networks.inspect']({ engine: local, id }, live)
const remove = (id: string) => networks['networks.remove']({ engine: local, id }, live)

test('a network is made as asked, and removed', async () => {
  const name = fresh('net')
  const subnet = `${own.pool}.200.0/24`
  const id = await create(name, {
    internal: true,
    attachable: true,
    subnets: [{ subnet, gateway: `${own.pool}.200.9`, ipRange: `${own.pool}.200.128/25` }],
    options: { 'com.docker.network.bridge.enable_icc': 'false' },
    labels: { team: 'a' },
  })
  expect(await inspect(id)).toMatchObject({
    Name: name,
    Internal: true,
    Attachable: true,
    Labels: { team: 'a' },
    Options: { 'com.docker.network.bridge.enable_icc': 'false' },
    IPAM: { Config: [{ Subnet: subnet, Gateway: `${own.pool}.200.9`, IPRange: `${own.pool}.200.128/25` }] },
  })
  await remove(id)
  await expect(inspect(id)).rejects.toMatchObject({ code: 'object.not-found' })
})

test('a name that is taken and a subnet that is none are refused', async () => {
  const name = fresh('twice')
  const id = await create(name)
  await expect(create(name)).rejects.toMatchObject({ code: 'object.conflict' })
  const bad = create(fresh('bad'), { subnets: [{ subnet: 'nonsense', gateway: '', ipRange: '' }] })
  await expect(bad).rejects.toMatchObject({
    facts: { detail: expect.stringMatching(/nonsense|CIDR/i) as string },
  })
  await remove(id)
})

test("the engine's own networks stay", async () => {
  await lab.refresh()
  for (const name of ['bridge', 'host', 'none']) {
    const row = lab.rowsOf(local, 'networks').find((network) => network.name === name)
    await expect(remove(row?.id ?? name)).rejects.toMatchObject({
      code: 'object.conflict',
      facts: { name, problem: 'predefined' },
    })
  }
})

test('a container joins and leaves, and holds the network meanwhile', async () => {
  const id = await create(fresh('join'))
  const name = fresh('member')
  const container = await lab.create(busyboxImage, { name, host: { NetworkMode: 'bridge' } })
  await lab.start(container)
  await networks['networks.connect']({ engine: local, id, container, aliases: ['db'] }, live)
  expect(await inspect(id)).toMatchObject({ Containers: { [container]: { Name: name } } })
  const raw = await lab.engine.json<{ NetworkSettings: { Networks: Record<string, { Aliases: string[] }> } }>(
    {
      path: `/containers/${container}/json`,
    },
  )
  expect(Object.values(raw.NetworkSettings.Networks).flatMap(({ Aliases }) => Aliases ?? [])).toContain('db')
  await expect(remove(id)).rejects.toMatchObject({
    code: 'object.in-use',
    facts: { names: name, count: 1 },
  })
  await networks['networks.disconnect']({ engine: local, id, container, force: false }, live)
  // One that is stopped joins and leaves without an event: its row is read again each time.
  expect(readAgain).toEqual([container, container])
  await remove(id)
  await lab.removeContainer(container)
})

test('a plan spares what a stopped container belongs to; a prune takes just what was named', async () => {
  const [free, spare, held] = [fresh('free'), fresh('spare'), fresh('held')]
  const ids = { free: await create(free), spare: await create(spare), held: await create(held) }
  const container = await lab.create(busyboxImage, { host: { NetworkMode: held } })
  await lab.refresh()
  const plan = await networks['networks.prunePlan']({ engine: local }, live)
  expect(plan.entries.map(({ name }) => name).sort()).toEqual([free, spare].sort())
  expect(await networks['networks.prune']({ engine: local, ids: [ids.free, 'gone'] }, live)).toEqual({
    removed: 1,
  })
  await expect(inspect(ids.free)).rejects.toMatchObject({ code: 'object.not-found' })
  expect(await inspect(ids.spare)).toMatchObject({ Name: spare })
  await lab.removeContainer(container)
  await remove(ids.held)
  await remove(ids.spare)
})

// Each network would be told as one that no container belongs to.
test('nothing is planned while the engine does not give its containers', async () => {
  const wholeRowsOf: RowsOf = (engine, kind) => {
    if (kind === 'containers') throw new AppError('engine.failed', 'no')
    return lab.rowsOf(engine, kind)
  }
  const { engineOf, rowsOf } = lab
  const handlers = networkHandlers({ engineOf, rowsOf, wholeRowsOf, readContainer: () => undefined })
  await expect(
    (async () => handlers['networks.prunePlan']({ engine: local }, new AbortController().signal))(),
  ).rejects.toMatchObject({ code: 'engine.failed' })
})
