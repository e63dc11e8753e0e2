import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import {
  bytesOf,
  context,
  loadLayers,
  openLayerLab,
  rawFile,
  type LayerLab,
} from '../../../../testing/layers/layer-lab'
import { randomLayers, randomOf } from '../../../../testing/layers/random-image'
import type { RawEntry } from '../../../../testing/layers/raw-tar'
import type { CompareEntry } from '../../../shared/model'

const { signal } = new AbortController()
let lab: LayerLab
beforeAll(async () => void (lab = await openLayerLab()), 60_000)
afterAll(() => lab.close())

test('two images are compared: files, settings, and the layers that they share', async () => {
  const base = [rawFile('same', { data: Buffer.alloc(100) }), rawFile('grown', { data: Buffer.alloc(10) })]
  const put = async (reference: string, more: readonly RawEntry[], env: string): Promise<void> => {
    const config = { Env: ['PATH=/bin', `NAME=${env}`] }
    await loadLayers([inject('engineSocket')], { reference, layers: [base, more], config })
  }
  const other = { flag: '0' as const, name: Buffer.from([0x6f, 0xff]) }
  await put(
    'slipway-test/compare:1',
    [
      rawFile('gone', { data: Buffer.alloc(7) }),
      rawFile('rebuilt', { data: Buffer.from('same'), mtimeS: 1 }),
      { ...other, data: Buffer.from('one') },
    ],
    'one',
  )
  await put(
    'slipway-test/compare:2',
    [
      rawFile('grown', { data: Buffer.alloc(30) }),
      rawFile('new', { data: Buffer.alloc(5) }),
      rawFile('rebuilt', { data: Buffer.from('same'), mtimeS: 2 }),
      // Of one size and one time, as builds that can be repeated make them.
      { ...other, data: Buffer.from('two') },
    ],
    'two',
  )
  for (const { layers, engine } of [lab.agentRoad(), lab.saveRoad()]) {
    const both = { engine, id: 'slipway-test/compare:1', with: { engine, id: 'slipway-test/compare:2' } }
    let summary
    for await (const item of layers.handlers['layers.compare'](both, context))
      if (item.kind === 'ready') summary = item.summary
    expect(summary).toMatchObject({
      files: { added: 1, changed: 2, removed: 1, same: 2, addedBytes: 5, removedBytes: 7, changedBytes: 20 },
      ...{ beforeBytes: 124, afterBytes: 142, sharedLayers: 1, sharedBytes: 110 },
      config: [{ key: 'Env.NAME', before: 'one', after: 'two' }],
    })
    const asked = { ...both, path: '/', sort: 'name' as const, offset: 0, limit: 100 }
    const { entries } = await layers.handlers['layers.compareChildren'](
      { ...asked, changes: ['added', 'changed', 'removed'] },
      signal,
    )
    expect(entries.map(({ name, change, differs }) => [name, change, differs])).toEqual([
      ['gone', 'removed', []],
      ['grown', 'changed', ['size']],
      ['new', 'added', []],
      ['o\\xff', 'changed', ['content']],
    ])
    const same = await layers.handlers['layers.compareChildren']({ ...asked, changes: ['unchanged'] }, signal)
    expect(same.entries.map(({ name, differs }) => [name, differs])).toEqual([
      ['rebuilt', ['time']],
      ['same', []],
    ])
  }
}, 120_000)

test('of a random image and its like the same is told by both roads, and contents are told apart by their bytes', async () => {
  const ids = ['slipway-test/random:11', 'slipway-test/random:12'] as const
  const layers = randomLayers(11, 6, 60)
  const random = randomOf(12)
  // The same files once more: some with a byte that is another, every second layer of another time.
  const again = (layer: RawEntry[], n: number): RawEntry[] =>
    layer.map(({ data, ...entry }) => {
      const bytes = Buffer.from(data ?? '')
      if (bytes.length > 0 && random(2) === 0) bytes[random(bytes.length)]! ^= 1 + random(255)
      return { ...entry, ...(data && { data: bytes }), ...(n % 2 === 0 && { mtimeS: 1_600_000_000 }) }
    })
  const sockets = [inject('engineSocket')]
  await loadLayers(sockets, { reference: ids[0], layers })
  await loadLayers(sockets, { reference: ids[1], layers: layers.map(again) })
  const told = []
  for (const { layers, engine } of [lab.agentRoad(), lab.saveRoad()]) {
    const asked = { engine, id: ids[0], with: { engine, id: ids[1] } }
    const all: CompareEntry[] = []
    const look = async (path: string): Promise<void> => {
      const { entries } = await layers.handlers['layers.compareChildren'](
        { ...asked, path, sort: 'name', changes: [], offset: 0, limit: 5000 },
        signal,
      )
      for (const entry of entries) {
        all.push(entry)
        if (entry.childCount > 0) await look(entry.path)
      }
    }
    await look('/')
    told.push(all)
    const found = { same: 0, other: 0 }
    for (const { before, after, differs, path } of all) {
      if (before?.kind !== 'file' || after?.kind !== 'file' || before.sizeBytes !== after.sizeBytes) continue
      const bytes = [
        await bytesOf({ layers, engine, id: ids[0] }, before),
        await bytesOf({ layers, engine, id: ids[1] }, after),
      ] as const
      const isSame = bytes[0].equals(bytes[1])
      expect([path, differs.includes('content')]).toEqual([path, !isSame])
      found[isSame ? 'same' : 'other']++
    }
    expect(Math.min(found.same, found.other)).toBeGreaterThan(2)
  }
  expect(told[0]).toEqual(told[1])
}, 120_000)
