import { expect, test } from 'vitest'
import { AppError } from '../../../shared/errors'
import type { EngineId, Image } from '../../../shared/model'
import type { EngineClient } from '../engine/engine'
import { freedBytes, LayerIndex } from './layer-index'

const { signal } = new AbortController()
const row = (id: string, sizeBytes: number): Image => ({ id, sizeBytes, tags: [] }) as unknown as Image

interface FakeImage {
  readonly inspectSize: number
  readonly layers: Readonly<Record<string, number>>
}

/** Answers from `images`, as they are then. */
function fakeEngine(images: Record<string, FakeImage>, facts: object) {
  const asked: string[] = []
  const json = ({ path }: { readonly path: string }): Promise<unknown> => {
    const [id = '', what = ''] = path.slice('/images/'.length).split('/')
    asked.push(`${id} ${what}`)
    const image = images[id]
    if (!image) return Promise.reject(new AppError('object.not-found', 'No such image'))
    const lines = Object.entries(image.layers).map(([name, Size]) => ({
      ...{ Id: '', Created: 0, CreatedBy: `COPY ${name}`, Size, Comment: '', Tags: null },
    }))
    if (what === 'history') return Promise.resolve(lines.reverse())
    return Promise.resolve({ Size: image.inspectSize, RootFS: { Layers: Object.keys(image.layers) } })
  }
  return { engine: { id: 'e' as EngineId, facts, json } as unknown as EngineClient, asked }
}

const inContainerd = { containerd: {} }
const inLayers = {}

test("with containerd's store an image gives back what its row tells, whatever its inspect does", async () => {
  for (const inspectSize of [30, 100, 130]) {
    const { engine } = fakeEngine({ a: { inspectSize, layers: { x: 60, y: 40 } } }, inContainerd)
    const rows = [row('a', 130)]
    const layers = await new LayerIndex().layersOf(engine, rows, signal)
    expect(freedBytes(layers, { going: rows, staying: [] })).toBe(130)
  }
})

test('what is shared with an image that stays does not come back, nor its share of what is packed', async () => {
  const images = {
    a: { inspectSize: 50, layers: { x: 60, y: 40 } },
    b: { inspectSize: 30, layers: { x: 60 } },
  }
  const { engine } = fakeEngine(images, inContainerd)
  const [a, b] = [row('a', 150), row('b', 90)]
  const layers = await new LayerIndex().layersOf(engine, [a, b], signal)
  expect(freedBytes(layers, { going: [a], staying: [b] })).toBe(60)
})

test("with containerd's store another platform may come under an image's id", async () => {
  const images: Record<string, FakeImage> = { a: { inspectSize: 10, layers: { amd: 10 } } }
  const { engine, asked } = fakeEngine(images, inContainerd)
  const index = new LayerIndex()
  const chainOf = async () => {
    const image = row('a', 20)
    return (await index.layersOf(engine, [image], signal)).get(image)?.chain
  }
  expect(await chainOf()).toEqual(['amd'])
  expect(await chainOf()).toEqual(['amd'])
  expect(asked.filter((what) => what === 'a history')).toHaveLength(1)
  images.a = { inspectSize: 10, layers: { arm: 10 } }
  expect(await chainOf()).toEqual(['arm'])
})

test('in any other store an image never changes under its id, and is asked for once', async () => {
  const { engine, asked } = fakeEngine({ a: { inspectSize: 10, layers: { x: 10 } } }, inLayers)
  const index = new LayerIndex()
  await index.layersOf(engine, [row('a', 10)], signal)
  await index.layersOf(engine, [row('a', 10)], signal)
  expect(asked).toHaveLength(2)
})

test('images that went meanwhile are left out, the others stay in order', async () => {
  const { engine } = fakeEngine(
    { a: { inspectSize: 1, layers: {} }, c: { inspectSize: 1, layers: {} } },
    inLayers,
  )
  const rows = [row('a', 1), row('b', 1), row('c', 1)]
  const layers = await new LayerIndex().layersOf(engine, rows, signal)
  expect([...layers.keys()].map(({ id }) => id)).toEqual(['a', 'c'])
})
