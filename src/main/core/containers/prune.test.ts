import { expect, test } from 'vitest'
import { AppError, type ErrorCode } from '../../../shared/errors'
import type { EngineId } from '../../../shared/model'
import type { EngineClient, JsonRequest } from '../engine/engine'
import { pruneHandlers } from './prune'

const ids = Array.from({ length: 9 }, (_, n) => `c${n}`)

/** An engine of nine stopped containers that refuses to remove the third at once, and the others only as it is told. */
function engineWith(code: ErrorCode) {
  const removed: string[] = []
  const pending: (() => void)[] = []
  const json = async ({ method, path }: JsonRequest): Promise<unknown> => {
    if (method !== 'DELETE') return ids.map((Id) => ({ Id, SizeRw: 10 }))
    const id = path.split('/').at(-1) ?? ''
    if (id === 'c2') throw new AppError(code, 'no')
    await new Promise<void>((resolve) => pending.push(resolve))
    removed.push(id)
    return undefined
  }
  const client = { json } as unknown as EngineClient
  const prune = pruneHandlers(() => client)['containers.prune']
  const done = Promise.resolve(prune({ engine: 'local' as EngineId, ids }, new AbortController().signal))
  let isDone = false
  const settled = done.then(
    () => (isDone = true),
    () => (isDone = true),
  )
  return {
    removed,
    pending,
    done,
    isDone: () => isDone,
    /** Answers one after the other until the prune has ended. */
    answerAll: async () => {
      while (!isDone) {
        await nextTurn()
        pending.shift()?.()
      }
      await settled
    },
  }
}

/** All that can go on without an answer of the engine has gone on by then. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('a container that the engine cannot remove does not keep the others, and is told', async () => {
  const { removed, done, answerAll } = engineWith('engine.failed')
  void answerAll()
  await expect(done).rejects.toMatchObject({ code: 'engine.failed' })
  expect(removed).toHaveLength(8)
})

test('an engine that is gone is not asked again, and all has ended when the person is told', async () => {
  const { removed, pending, done, isDone } = engineWith('engine.unreachable')
  const told = expect(done).rejects.toMatchObject({ code: 'engine.unreachable' })
  await nextTurn()
  // What was asked before the refusal is still out: nobody is told yet, and nothing more is asked.
  expect(pending).toHaveLength(3)
  for (let left = 3; left > 0; left--) {
    expect(isDone()).toBe(false)
    pending.shift()?.()
    await nextTurn()
    expect(pending).toHaveLength(left - 1)
  }
  await told
  expect(removed).toEqual(['c0', 'c1', 'c3'])
})

test('what runs again, or was started just now, is left alone and is no failure', async () => {
  const { removed, done, answerAll } = engineWith('object.in-use')
  void answerAll()
  await expect(done).resolves.toEqual({ removed: 8, reclaimedBytes: 80 })
  expect(removed).not.toContain('c2')
})
