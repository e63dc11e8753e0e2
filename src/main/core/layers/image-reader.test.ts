import { expect, test } from 'vitest'
import { AppError } from '../../../shared/errors'
import type { EngineId } from '../../../shared/model'
import type { AgentClient } from '../agent/agent-client'
import type { EngineClient } from '../engine/engine'
import { ImageReader } from './image-reader'

const id = 'local' as EngineId
const { signal } = new AbortController()

/** An engine with containerd's store, and an agent that finds the layers `found`; nothing can be saved. */
function lab(found: () => readonly string[]) {
  const wanted = { now: ['sha256:a'] }
  const agent = {
    call: () => Promise.resolve(found().map((diffId) => ({ diffId, chainId: diffId }))),
    stream: () => ({
      async *[Symbol.asyncIterator]() {
        yield await Promise.resolve([[-1, 'file', 'f', 1, 0o644, 0, 0, 0]])
      },
      cancel: () => undefined,
    }),
  } as unknown as AgentClient
  const engine = {
    ...{ id, facts: { rootDir: '/data', containerd: {} } },
    json: () => Promise.resolve({ Id: 'sha256:index', RootFS: { Layers: wanted.now } }),
    stream: () => Promise.reject(new AppError('engine.failed', 'nothing is saved here')),
  } as unknown as EngineClient
  const reader = new ImageReader({ engineOf: () => engine, agentFor: () => agent })
  const read = () => reader.read({ engine: id, id: 'sha256:index' }, { signal })
  return { read, wanted }
}

test('layers of another platform than the engine means are not told', async () => {
  const { read } = lab(() => ['sha256:other'])
  await expect(read()).rejects.toMatchObject({ code: 'engine.failed' })
})

test('a pull for another platform changes what an id of containerd stands for', async () => {
  const { read, wanted } = lab(() => wanted.now)
  const layersOf = async () => (await read()).layers.map(({ diffId }) => diffId)
  expect(await layersOf()).toEqual(['sha256:a'])
  expect(await read()).toBe(await read())
  wanted.now = ['sha256:a', 'sha256:b']
  expect(await layersOf()).toEqual(['sha256:a', 'sha256:b'])
})
