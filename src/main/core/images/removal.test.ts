import { expect, test } from 'vitest'
import { AppError } from '../../../shared/errors'
import type { EngineId, Image } from '../../../shared/model'
import type { EngineClient, JsonRequest } from '../engine/engine'
import type { RowsOf } from '../inventory/inventory'
import { imageDetail } from './image-detail'
import { LayerIndex } from './layer-index'
import { prune, removeImage, untagImage } from './removal'

const { signal } = new AbortController()
const id = `sha256:${'a'.repeat(64)}`
const byDigest = `r@${id}`
const row = { id, tags: [], digests: [byDigest], sizeBytes: 10 } as unknown as Image

/** As containerd's store tells an image that was pulled by its digest. */
const inspect = { Id: id, RepoTags: [byDigest], RepoDigests: [byDigest], RootFS: { Layers: ['one'] } }

/** Has one image; it is gone with its first DELETE. */
function engineOf(image: object): { readonly engine: EngineClient; readonly deleted: string[] } {
  const deleted: string[] = []
  const answer = ({ method, path }: JsonRequest): unknown => {
    if (deleted.length > 0) throw new AppError('object.not-found', 'No such image')
    if (method === 'DELETE') deleted.push(decodeURIComponent(path.slice('/images/'.length)))
    if (method === 'DELETE') return [{ Untagged: byDigest }, { Deleted: id }]
    return path.endsWith('/history') ? [] : image
  }
  const json = (request: JsonRequest) => Promise.resolve().then(() => answer(request))
  const engine = { id: 'e' as EngineId, facts: { containerd: {} }, json } as unknown as EngineClient
  return { engine, deleted }
}
const rowsOf = ((_, kind) => (kind === 'images' ? [row] : [])) as RowsOf

test('an image that was pulled by its digest has this one name, and no tag', () => {
  expect(imageDetail(inspect)).toMatchObject({ tags: [], digests: [byDigest] })
})

test('an image that was pulled by its digest is removed with one request', async () => {
  const { engine, deleted } = engineOf(inspect)
  expect(await removeImage(engine, { id, force: false, rowsOf }, signal)).toEqual({ deleted: 1, untagged: 1 })
  expect(deleted).toEqual([id])
})

test('pruning it counts it', async () => {
  const { engine } = engineOf(inspect)
  const pruning = { engine, rowsOf, index: new LayerIndex() }
  expect(await prune(pruning, [id], signal)).toEqual({ removed: 1, reclaimedBytes: 10 })
})

test('its digest is its last name', async () => {
  const { engine } = engineOf(inspect)
  await expect(untagImage(engine, byDigest, signal)).rejects.toMatchObject({
    code: 'object.conflict',
    facts: { problem: 'last-tag' },
  })
})

test('a digest beside a tag of its repository goes with it', async () => {
  const { engine, deleted } = engineOf({ ...inspect, RepoTags: ['r:1', byDigest] })
  await removeImage(engine, { id, force: false, rowsOf }, signal)
  expect(deleted).toEqual([id])
})
