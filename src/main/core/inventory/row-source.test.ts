import { expect, test } from 'vitest'
import type { EngineId } from '../../../shared/model'
import type { EngineClient, JsonRequest } from '../engine/engine'
import { rowSources } from './row-source'

const { signal } = new AbortController()
const id = `sha256:${'a'.repeat(64)}`

/** An inspect tells one platform, the list all that are here. */
function fakeEngine(RepoTags: readonly string[], facts: object) {
  const listed: unknown[] = []
  const state = { listSize: 30 }
  const json = ({ path, query }: JsonRequest): Promise<unknown> => {
    if (path !== '/images/json') return Promise.resolve({ Id: id, RepoTags, Size: 10 })
    listed.push(query)
    return Promise.resolve([{ Id: id, RepoTags, Size: state.listSize }])
  }
  const engine = { id: 'e' as EngineId, facts, json } as unknown as EngineClient
  const sizeOf = async () => (await rowSources.images.some(engine, { ids: [id], signal }))[0]?.sizeBytes
  return { listed, state, sizeOf }
}

test("with containerd's store an image's size is the list's, asked for each time: platforms come and go", async () => {
  const { listed, state, sizeOf } = fakeEngine(['a:1'], { containerd: {} })
  expect(await sizeOf()).toBe(30)
  state.listSize = 50
  expect(await sizeOf()).toBe(50)
  expect(listed).toEqual(Array(2).fill({ filters: { reference: ['a:1'] } }))
})

test('one without a name is found among those without', async () => {
  const { listed, sizeOf } = fakeEngine([], { containerd: {} })
  expect(await sizeOf()).toBe(30)
  expect(listed).toEqual([{ filters: { dangling: ['true'] } }])
})

test('in any other store both tell the same, and one is asked', async () => {
  const { listed, sizeOf } = fakeEngine(['a:1'], {})
  expect(await sizeOf()).toBe(10)
  expect(listed).toEqual([])
})
