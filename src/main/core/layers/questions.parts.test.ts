/** What is asked of an image that was read, through the handlers, by both roads. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import {
  context,
  loadLayers,
  openLayerLab,
  rawFile,
  type LayerLab,
  type Road,
} from '../../../../testing/layers/layer-lab'
import type { SizeNode } from '../../../shared/model'

const { signal } = new AbortController()
const id = 'slipway-test/questions:1'
const kB = (count: number): Buffer => Buffer.alloc(count * 1000, 'x')
let lab: LayerLab

beforeAll(async () => {
  lab = await openLayerLab()
  await loadLayers([inject('engineSocket')], {
    reference: id,
    layers: [
      [
        rawFile('usr/lib/big.so', { data: kB(50) }),
        rawFile('usr/lib/small.so', { data: kB(3) }),
        rawFile('usr/Readme.txt', { data: kB(2) }),
        rawFile('etc/readme', { data: Buffer.from('0123456789') }),
      ],
      [rawFile('etc/README.second', { data: kB(1) }), rawFile('usr/.wh.Readme.txt')],
    ],
  })
}, 120_000)
afterAll(() => lab.close())

const roads = (): [string, Road][] => [
  ['agent', lab.agentRoad()],
  ['save', lab.saveRoad()],
]

test.each(['agent', 'save'])('by %s names are found at any depth, whatever their case', async (name) => {
  const { layers, engine } = new Map(roads()).get(name) as Road
  const find = async (more: object) => {
    const asked = {
      engine,
      id,
      layer: 1,
      view: 'sum' as const,
      text: 'readme',
      changes: [],
      limit: 100,
      ...more,
    }
    const { entries, total } = await layers.handlers['layers.find'](asked, signal)
    return { total, found: entries.map(({ path, change }) => `${change} ${path}`).sort() }
  }
  expect(await find({})).toEqual({
    total: 3,
    found: ['added /etc/README.second', 'removed /usr/Readme.txt', 'unchanged /etc/readme'],
  })
  expect(await find({ changes: ['removed'] })).toEqual({ total: 1, found: ['removed /usr/Readme.txt'] })
  const cut = await find({ limit: 1 })
  expect([cut.total, cut.found.length]).toEqual([3, 1])
  expect(await find({ layer: 0, view: 'layer', text: '.so' })).toMatchObject({ total: 2 })
  expect(await find({ text: 'nowhere' })).toEqual({ total: 0, found: [] })
  await expect(find({ layer: 2 })).rejects.toMatchObject({ code: 'object.not-found' })
})

test.each(['agent', 'save'])('by %s sizes are told largest first, to a depth and a number', async (name) => {
  const { layers, engine } = new Map(roads()).get(name) as Road
  const sizes = async (more: object): Promise<SizeNode> => {
    const asked = { engine, id, layer: 1, view: 'sum' as const, path: '/', depth: 3, limit: 1000, ...more }
    return layers.handlers['layers.sizes'](asked, signal)
  }
  const whole = await sizes({})
  expect(whole).toMatchObject({ path: '/', kind: 'folder', bytes: 54_010 })
  expect(shape(whole)).toEqual({
    usr: { lib: { 'big.so': 50_000, 'small.so': 3_000 } },
    etc: { 'README.second': 1_000, readme: 10 },
  })
  expect(whole.children?.map(({ name: child }) => child)).toEqual(['usr', 'etc'])
  expect(shape(await sizes({ depth: 1 }))).toEqual({ usr: 53_000, etc: 1_010 })
  const lib = await sizes({ path: '/usr/lib' })
  expect([lib.path, lib.bytes, shape(lib)]).toEqual([
    '/usr/lib',
    53_000,
    { 'big.so': 50_000, 'small.so': 3_000 },
  ])
  expect(nodes(await sizes({ limit: 3 }))).toBeLessThanOrEqual(3)
  await expect(sizes({ path: '/none' })).rejects.toMatchObject({ code: 'object.not-found' })
})

/** Names with what is in them, or with their bytes. */
type Shape = number | { readonly [name: string]: Shape }
const shape = ({ children, bytes }: SizeNode): Shape =>
  children ? Object.fromEntries(children.map((child) => [child.name, shape(child)])) : bytes

const nodes = ({ children = [] }: SizeNode): number => children.reduce((sum, child) => sum + nodes(child), 1)

test.each(['agent', 'save'])('by %s a part of a file comes after its head', async (name) => {
  const { layers, engine } = new Map(roads()).get(name) as Road
  const place = { engine, id, layer: 1, view: 'sum' as const, path: '/etc/readme', offset: 3, length: 4 }
  const items = []
  for await (const item of layers.handlers['layers.file'](place, context))
    items.push(item instanceof Uint8Array ? Buffer.from(item).toString() : item)
  expect(items).toMatchObject([{ kind: 'head', entry: { path: '/etc/readme', sizeBytes: 10 } }, '3456'])
})
