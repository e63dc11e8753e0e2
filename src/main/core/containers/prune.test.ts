import { expect, test } from 'vitest'
import { AppError, type ErrorCode } from '../../../shared/errors'
import type { EngineId } from '../../../shared/model'
import type { EngineClient, JsonRequest } from '../engine/engine'
import { pruneHandlers } from './prune'

const ids = Array.from({ length: 9 }, (_, n) => `c${n}`)

/** An engine of nine stopped containers that refuses to remove the third, a moment before it answers the others. */
function engineWith(code: ErrorCode) {
  const removed: string[] = []
  const json = async ({ method, path }: JsonRequest): Promise<unknown> => {
    if (method !== 'DELETE') return ids.map((Id) => ({ Id, SizeRw: 10 }))
    const id = path.split('/').at(-1) ?? ''
    if (id === 'c2') throw new AppError(code, 'no')
    await new Promise((resolve) => setImmediate(resolve))
    removed.push(id)
    return undefined
  }
  const client = { json } as unknown as EngineClient
  const prune = pruneHandlers(() => client)['containers.prune']
  return { removed, done: prune({ engine: 'local' as EngineId, ids }, new AbortController().signal) }
}

test('a container that the engine cannot remove does not keep the others, and is told', async () => {
  const { removed, done } = engineWith('engine.failed')
  await expect(done).rejects.toMatchObject({ code: 'engine.failed' })
  expect(removed).toHaveLength(8)
})

test('an engine that is gone is not asked again, and all has ended when the person is told', async () => {
  const { removed, done } = engineWith('engine.unreachable')
  await expect(done).rejects.toMatchObject({ code: 'engine.unreachable' })
  const atTheEnd = [...removed]
  expect(atTheEnd).toHaveLength(3)
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(removed).toEqual(atTheEnd)
})

test('what runs again, or was started just now, is left alone and is no failure', async () => {
  const { removed, done } = engineWith('object.in-use')
  await expect(done).resolves.toEqual({ removed: 8, reclaimedBytes: 80 })
  expect(removed).not.toContain('c2')
})
