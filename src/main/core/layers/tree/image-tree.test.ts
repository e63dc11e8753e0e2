import { expect, test } from 'vitest'
import { randomLayers } from '../../../../../testing/layers/random-image'
import { rawTar, type RawEntry } from '../../../../../testing/layers/raw-tar'
import type { ImageId } from '../../../../shared/model'
import { ImageLayers } from '../image-layers'
import { readTar } from '../../platform/tar/read-tar'
import { each, find, mergeLayers, pathOf } from './image-tree'
import { LayerBuilder } from './layer-builder'
import type { LayerContent } from './layer-node'
import { findNames, listChildren } from './listing'
import { nameText } from './name-text'
import { sizesBelow } from './sizes'

async function contentOf(entries: readonly RawEntry[]): Promise<LayerContent> {
  const builder = new LayerBuilder()
  const bytes = (async function* () {
    yield await Promise.resolve(rawTar(entries))
  })()
  for await (const { header } of readTar(bytes)) builder.add(header)
  return builder.finish()
}

async function imageOf(layers: readonly (readonly RawEntry[])[]): Promise<ImageLayers> {
  const contents = await Promise.all(layers.map(contentOf))
  return new ImageLayers({
    id: 'sha256:1' as ImageId,
    layers: contents.map((content, n) => ({ diffId: String(n), command: '', createdAtMs: 0, content })),
    source: { road: 'save', blobs: [] },
    inspect: {},
  })
}

const file = (name: string, size: number): RawEntry => ({
  name: Buffer.from(name),
  flag: '0',
  data: Buffer.alloc(size),
})
const folder = (name: string): RawEntry => ({ name: Buffer.from(`${name}/`), flag: '5' })
const link = (name: string, target: string): RawEntry => ({
  ...{ name: Buffer.from(name), flag: '1', link: Buffer.from(target) },
})

/** What is there, by path: whose file it is. The dullest way to say what layers mean. */
interface Model {
  readonly owner: string
  readonly size: number
}

type State = Map<string, Model>

function bruteForce(layers: readonly (readonly RawEntry[])[]) {
  const sizes = new Map<string, number>()
  const states: State[] = []
  layers.forEach((entries, layer) => {
    const state: State = new Map(states.at(-1))
    hide(state, entries)
    for (const [path, made] of write(state, entries, layer)) {
      sizes.set(made.owner, made.size)
      state.set(path, made)
    }
    states.push(state)
  })
  const sum = (all: Iterable<number>): number => [...all].reduce((total, size) => total + size, 0)
  const total = sum(sizes.values())
  const seen = new Map([...(states.at(-1)?.values() ?? [])].map(({ owner, size }) => [owner, size]))
  return { states, total, wasted: total - sum(seen.values()) }
}

function clear(state: State, path: string, isItselfToo: boolean): void {
  for (const key of [...state.keys()])
    if ((isItselfToo && key === path) || key.startsWith(`${path}/`)) state.delete(key)
}

function hide(state: State, entries: readonly RawEntry[]): void {
  for (const { name } of entries) {
    const path = textOf(name)
    const last = path.slice(path.lastIndexOf('/') + 1)
    if (last === '.wh..wh..opq') clear(state, path.slice(0, path.lastIndexOf('/')), false)
    else if (last.startsWith('.wh.')) clear(state, path.replace('/.wh.', '/'), true)
  }
}

function write(state: State, entries: readonly RawEntry[], layer: number): State {
  const own: State = new Map()
  for (const { name, flag, data, link: target } of entries) {
    const path = textOf(name)
    if (path.includes('/.wh.')) continue
    if (flag !== '5') clear(state, path, false)
    const linked = flag === '1' && target ? own.get(textOf(target)) : undefined
    const size = flag === '0' ? (data?.length ?? 0) : 0
    own.set(path, linked ?? { owner: `${layer} ${path}`, size })
  }
  return own
}

const textOf = (name: Buffer): string => `/${nameText(name).replace(/\/$/, '')}`

const seeds = Array.from({ length: 60 }, (_, n) => n + 100)

test.each(seeds)('random layers %i mean what the dullest model says', async (seed) => {
  const layers = randomLayers(seed, 1 + (seed % 7), 30)
  // A layer may stand in an image twice.
  const first = layers[0]
  if (first && seed % 5 === 0 && layers.length === 1) layers.push(first)
  const image = await imageOf(layers)
  const { states, total, wasted } = bruteForce(layers)
  expect(image.summary).toMatchObject({ totalBytes: total, wastedBytes: wasted })
  const parts = image.summary.layers.reduce((sum, { wastedBytes }) => sum + wastedBytes, 0)
  expect([parts, image.waste.paths.reduce((sum, path) => sum + path.wastedBytes, 0)]).toEqual([
    wasted,
    wasted,
  ])
  states.forEach((state, layer) => {
    const view = image.view('sum', layer)
    const there = new Map<string, number>()
    each(view.tree.root, (path) => {
      const shown = view.shown(path)
      if (shown?.version.node) there.set(pathOf(path), shown.node.kind === 'file' ? shown.node.size : 0)
    })
    expect(there).toEqual(new Map([...state].map(([path, { size }]) => [path, size])))
    const bytes = new Map([...state.values()].map(({ owner, size }) => [owner, size]))
    const { entries } = listChildren(view, view.tree.root, {
      ...{ sort: 'size', changes: [], text: '', offset: 0, limit: 5000 },
    })
    const sum = entries.reduce((all, { belowBytes }) => all + belowBytes, 0)
    expect(sum).toBe([...bytes.values()].reduce((all, size) => all + size, 0))
    expect(sizesBelow(view, view.tree.root, { depth: 8, limit: 5000 }).bytes).toBe(sum)
  })
})

test('what a layer does is marked, and what hides it is named', async () => {
  const image = await imageOf([
    [folder('etc'), file('etc/kept', 1), file('etc/old', 10), file('etc/gone', 100)],
    [folder('etc'), file('etc/old', 20), file('etc/new', 5), file('etc/.wh.gone', 0)],
  ])
  expect(image.summary.layers.map(({ added, changed, removed }) => [added, changed, removed])).toEqual([
    [4, 0, 0],
    [1, 1, 1],
  ])
  const view = image.view('sum', 1)
  const etc = find(view.tree, '/etc')
  const { entries } = etc
    ? listChildren(view, etc, { sort: 'size', changes: [], text: '', offset: 0, limit: 10 })
    : { entries: [] }
  expect(entries.map(({ name, change, layer }) => [name, change, layer])).toEqual([
    ['gone', 'removed', 0],
    ['old', 'changed', 1],
    ['new', 'added', 1],
    ['kept', 'unchanged', 0],
  ])
  expect(entries[0]).toMatchObject({ sizeBytes: 100, removedBytes: 100, belowBytes: 0 })
  const before = image.view('sum', 0)
  const old = find(before.tree, '/etc/old')
  const shown = old && before.shown(old)
  expect(shown && before.entry(shown).hiddenBy).toEqual({ layer: 1, how: 'changed' })
  expect(image.waste.paths.map(({ path, wastedBytes }) => [path, wastedBytes])).toEqual([
    ['/etc/gone', 100],
    ['/etc/old', 10],
  ])
  expect(image.waste.paths[0]?.copies).toEqual([{ layer: 0, sizeBytes: 100, hiddenBy: 1, how: 'removed' }])
  expect(image.summary.efficiency).toBeCloseTo(26 / 136)
})

test('a file with two names is wasted when both are hidden, and counted once', async () => {
  const base = [file('a', 50), link('b', 'a')]
  const half = await imageOf([base, [file('.wh.a', 0)]])
  expect([half.summary.totalBytes, half.summary.wastedBytes]).toEqual([50, 0])
  const both = await imageOf([base, [file('.wh.a', 0)], [file('b', 1)]])
  expect([both.summary.totalBytes, both.summary.wastedBytes]).toEqual([51, 50])
  expect(both.waste.paths[0]?.copies[0]).toMatchObject({ layer: 0, hiddenBy: 2 })
})

test('a search finds names at any depth, a filter keeps the way to them', async () => {
  const image = await imageOf([[folder('a'), folder('a/b'), file('a/b/Needle', 1), file('other', 1)]])
  const view = image.view('layer', 0)
  const asked = { changes: [], text: 'needle', limit: 10 }
  expect(findNames(view, asked).entries.map(({ path }) => path)).toEqual(['/a/b/Needle'])
  const { entries } = listChildren(view, view.tree.root, { ...asked, sort: 'name', offset: 0 })
  expect(entries.map(({ path }) => path)).toEqual(['/a'])
})

test('a treemap of many files joins what is too much', async () => {
  const image = await imageOf([Array.from({ length: 500 }, (_, n) => file(`f${n}`, n + 1))])
  const root = sizesBelow(image.view('sum', 0), image.tree.root, { depth: 3, limit: 20 })
  expect(root.children).toHaveLength(19)
  expect(root.children?.at(-1)).toMatchObject({ kind: 'others', count: 482 })
  expect(root.children?.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(root.bytes)
})

test('an image without layers has nothing and wastes nothing', async () => {
  const image = await imageOf([])
  expect(image.summary).toMatchObject({ totalBytes: 0, wastedBytes: 0, efficiency: 1, layers: [] })
  expect(mergeLayers([]).paths).toBe(0)
})
