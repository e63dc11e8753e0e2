import { randomBytes } from 'node:crypto'
import { afterEach, beforeAll, expect, inject, test } from 'vitest'
import { loadImage } from '../../../../testing/engine/images'
import { startTestEngine } from '../../../../testing/engine/start-engine'
import { fresh, live, local, ServiceLab } from '../../../../testing/services/service-lab'
import { hasContainerdStore } from '../engine/facts'
import { rowSources } from '../inventory/row-source'
import { imageHandlers } from './images'

let lab: ServiceLab
let images: ReturnType<typeof imageHandlers>
const names: string[] = []

beforeAll(async () => {
  lab = await ServiceLab.connect(inject('engineSocket'))
  images = handlersFor(lab)
})
afterEach(async () => {
  for (const name of names.splice(0)) await lab.dropImage(name)
})

const handlersFor = ({ engineOf, rowsOf }: ServiceLab): ReturnType<typeof imageHandlers> =>
  imageHandlers({
    ...{ engineOf, rowsOf, wholeRowsOf: rowsOf },
    startTask: () => {
      throw new Error('No task is started here')
    },
    authHeaderFor: () => Promise.resolve({}),
  })

/**
 * containerd's store counts the blocks of files and folders, not the bytes in them; and whole images are there
 * as they came as well, with their notes.
 */
function expectBytes(actual: number | undefined, layers: readonly number[], { images = 0 } = {}): void {
  const sum = layers.reduce((one, other) => one + other, 0)
  if (!hasContainerdStore(lab.engine.facts)) return expect(actual).toBe(sum)
  const blocks = layers.reduce((all, bytes) => all + 4096 * (Math.ceil(bytes / 4096) + 2), 0)
  const [least, most] = images === 0 ? [sum, blocks] : [2 * sum, 2 * blocks + 4096 * images]
  expect(actual).toBeGreaterThanOrEqual(least)
  expect(actual).toBeLessThanOrEqual(most)
}

const noise = (name: string, bytes = 1000) => [{ name, data: randomBytes(bytes) }]
/** Puts an image of given layers into the engine; it goes after the test. */
async function make(reference: string, layers: ReturnType<typeof noise>[]): Promise<string> {
  names.push(reference)
  await loadImage(inject('engineSocket'), { reference, layers, config: { Cmd: ['/x'] } })
  await lab.refresh()
  return idOf(reference)
}
const idOf = async (reference: string): Promise<string> =>
  (await images['images.inspect']({ engine: local, id: reference }, live)).id

test('the page of an image tells the size that the list tells', async () => {
  const id = await make(`${fresh('size')}:1`, [noise('a', 50_000)])
  const detail = await images['images.inspect']({ engine: local, id }, live)
  const row = lab.rowsOf(local, 'images').find((image) => image.id === id)
  expect(detail.sizeBytes).toBe(row?.sizeBytes)
  expectBytes(detail.sizeBytes, [50_000], { images: 1 })
})

test('an image that has lost its name keeps the size that the list tells', async () => {
  const [reference, other] = [`${fresh('size')}:1`, `${fresh('size')}:2`]
  const id = await make(reference, [noise('a', 50_000)])
  await make(other, [noise('b')])
  await images['images.tag']({ engine: local, id: other, reference }, live)
  await lab.refresh()
  const [row] = await rowSources.images.some(lab.engine, { ids: [id], signal: live })
  const listed = lab.rowsOf(local, 'images').find((image) => image.id === id)
  names.push(id)
  expect(row).toEqual(listed)
  expect(row?.tags).toEqual([])
})

test('layers are told oldest first, with the images that share them', async () => {
  const [base, above] = [noise('base', 5000), noise('above', 700)]
  const [one, two] = [`${fresh('share')}:1`, `${fresh('share')}:2`]
  await make(one, [base, noise('own')])
  const other = await make(two, [base, above])
  const { layers } = await images['images.history']({ engine: local, id: await idOf(one) }, live)
  expect(layers.map(({ command, isEmpty }) => [command, isEmpty])).toEqual([
    ['layer 1', false],
    ['layer 2', false],
  ])
  expectBytes(layers[0]?.sizeBytes, [5000])
  expect(layers[0]?.diffId).toMatch(/^sha256:/)
  expect(layers[0]?.sharedWith).toEqual([{ id: other, tag: two }])
  expect(layers[1]?.sharedWith).toEqual([])
  expect(layers[1]?.tags).toEqual([one])
})

test('the same layer above another base is not shared', async () => {
  const top = noise('top')
  const [one, two] = [`${fresh('chain')}:1`, `${fresh('chain')}:2`]
  await make(one, [noise('base'), top])
  await make(two, [noise('other'), top])
  const { layers } = await images['images.history']({ engine: local, id: one }, live)
  expect(layers[1]?.sharedWith).toEqual([])
})

test('a prune plan leaves out what is used, and counts shared layers once', async () => {
  const own = await startTestEngine({ network: 'none' })
  try {
    const there = await ServiceLab.connect(own.socket)
    const handlers = handlersFor(there)
    const base = noise('base', 40_000)
    const put = (reference: string, layers: ReturnType<typeof noise>[]) =>
      loadImage(own.socket, { reference, layers, config: { Cmd: ['/x'] } })
    await put('used:1', [noise('used', 90_000)])
    await put('one:1', [base, noise('one', 10_000)])
    await put('two:1', [base, noise('two', 3000)])
    await put('was:1', [noise('old', 700)])
    await put('also:1', [noise('new', 500)])
    await handlers['images.tag']({ engine: local, id: 'also:1', reference: 'was:1' }, live)
    await there.create('used:1')
    await there.refresh()
    const plan = await handlers['images.prunePlan']({ engine: local, all: true }, live)
    const named = plan.entries.map(({ name }) => name).filter((name) => name.includes(':'))
    expect(named.sort()).toEqual(['also:1', 'one:1', 'two:1'])
    expectBytes(plan.totalBytes, [40_000, 10_000, 3000, 700, 500], { images: 4 })
    const dangling = await handlers['images.prunePlan']({ engine: local, all: false }, live)
    expect(dangling.entries).toHaveLength(1)
    expectBytes(dangling.totalBytes, [700], { images: 1 })
    const one = plan.entries.find(({ name }) => name === 'one:1')?.id as string
    const used = there.rowsOf(local, 'images').find(({ tags }) => tags.includes('used:1'))?.id as string
    const done = await handlers['images.prune']({ engine: local, ids: [one, used, 'sha256:gone'] }, live)
    // The base stays: the other image still holds it.
    expect(done.removed).toBe(1)
    expectBytes(done.reclaimedBytes, [10_000], { images: 1 })
    expect(await there.hasImage('used:1')).toBe(true)
    await expect(handlers['images.prune']({ engine: local, ids: [used] }, live)).rejects.toMatchObject({
      code: 'object.in-use',
    })
  } finally {
    await own.stop()
  }
}, 120_000)
