import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { busyboxImage } from '../../../../testing/engine/images'
import { startTestEngine, type TestEngine } from '../../../../testing/engine/start-engine'
import {
  bytesOf,
  connectTo,
  loadLayers,
  openLayerLab,
  rawFile,
  summaryOf,
  treeOf,
  type LayerLab,
  type Road,
} from '../../../../testing/layers/layer-lab'
import { randomLayers, type rawImageTar } from '../../../../testing/layers/random-image'
import type { ConnectedEngine } from '../engine/engine-client'

const { signal } = new AbortController()
let lab: LayerLab
let vfs: ConnectedEngine
let vfsEngine: TestEngine

beforeAll(async () => {
  lab = await openLayerLab()
  vfsEngine = await startTestEngine({ network: 'none', args: ['--storage-driver', 'vfs'] })
  vfs = await connectTo(vfsEngine.socket, 'vfs')
}, 180_000)
afterAll(async () => {
  lab.close()
  vfs.close()
  await vfsEngine.stop()
}, 120_000)

/** The same questions by the agent, by `save` of the same engine, and on an engine that has no overlay2. */
const roads = (): Record<'agent' | 'save' | 'vfs', Road> => ({
  agent: lab.agentRoad(),
  save: lab.saveRoad(),
  vfs: lab.roadOf(vfs),
})

const load = (reference: string, layers: Parameters<typeof rawImageTar>[0]['layers']): Promise<void> =>
  loadLayers([inject('engineSocket'), vfsEngine.socket], { reference, layers })

test.each([1, 2, 3, 4])(
  'random image %i is the same by agent, by save, and on vfs',
  async (seed) => {
    const id = `slipway-test/random:${seed}`
    await load(id, randomLayers(seed, 6, 40))
    const { agent: first, ...others } = roads()
    const one = { ...first, id }
    const summary = await summaryOf(one)
    expect(summary).toMatchObject({ road: 'agent', refused: 0 })
    expect(summary.layers.map(({ command }) => command)).toEqual(
      [0, 1, 2, 3, 4, 5].map((n) => `COPY layer-${n} /`),
    )
    for (const other of Object.values(others)) {
      const two = { ...other, id }
      expect(await summaryOf(two)).toEqual({ ...summary, road: 'save' })
      for (const view of ['layer', 'sum'] as const)
        for (const { index } of summary.layers)
          expect(await treeOf(two, view, index)).toEqual(await treeOf(one, view, index))
    }
    const files = (await treeOf(one, 'sum', 5)).filter(
      ({ kind, change }) => kind === 'file' && change !== 'removed',
    )
    expect(files.length).toBeGreaterThan(10)
    for (const file of files.slice(0, 12)) {
      const bytes = await bytesOf(one, file)
      expect(bytes.length).toBe(file.sizeBytes)
      for (const other of Object.values(others)) {
        expect((await bytesOf({ ...other, id }, file)).equals(bytes)).toBe(true)
        const part = await bytesOf({ ...other, id }, file, { offset: 7, length: 11 })
        expect(part.equals(bytes.subarray(7, 18))).toBe(true)
      }
    }
  },
  180_000,
)

test('hostile content is told, and nothing hangs', async () => {
  const id = 'slipway-test/hostile:1'
  // As deep as an engine unpacks: the kernel takes paths of 4 KiB.
  const deep = `${'d/'.repeat(1900)}f`
  await load(id, [
    [
      rawFile('secret', { flag: '2', link: Buffer.from('/etc/passwd') }),
      rawFile('up', { flag: '2', link: Buffer.from('../../../../..') }),
      rawFile('pipe', { flag: '6' }),
      rawFile('null', { flag: '3', device: [1, 3] }),
      rawFile('su', { mode: 0o6755, data: Buffer.from('x') }),
      rawFile(deep),
    ],
  ])
  for (const road of [roads().agent, roads().save]) {
    const one = { ...road, id }
    const all = await treeOf(one, 'sum', 0)
    expect(all.filter(({ isCut }) => isCut)).toHaveLength(1)
    expect(all.filter(({ name }) => name === 'd')).toHaveLength(501)
    expect(all.find(({ name }) => name === 'su')?.mode).toBe(0o6755)
    for (const name of ['secret', 'up', 'pipe', 'null']) {
      const entry = all.find((found) => found.name === name)
      await expect(entry ? bytesOf(one, entry) : Promise.resolve()).rejects.toMatchObject({
        code: 'request.invalid',
      })
    }
    const place = { engine: one.engine, id, layer: 0, view: 'sum' as const }
    for (const path of ['/secret/passwd', '/up/etc/passwd', '/../etc/passwd', '/none'])
      await expect(
        Promise.resolve(one.layers.handlers['layers.entry']({ ...place, path }, signal)),
      ).rejects.toMatchObject({ code: 'object.not-found' })
  }
}, 180_000)

test('a reading that nobody waits for any more ends, and can be asked for again', async () => {
  const { layers, engine } = roads().save
  const one = { layers, engine, id: busyboxImage }
  const end = new AbortController()
  end.abort()
  await expect(
    Promise.resolve(layers.handlers['layers.wasted']({ engine, id: busyboxImage, limit: 10 }, end.signal)),
  ).rejects.toBeDefined()
  expect(await summaryOf(one)).toMatchObject({ road: 'save' })
  await expect(summaryOf({ ...one, id: 'slipway-test/none' })).rejects.toMatchObject({
    code: 'object.not-found',
  })
})
