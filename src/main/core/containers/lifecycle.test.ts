import { expect, test } from 'vitest'
import type { EngineId } from '../../../shared/model'
import type { EngineClient, JsonRequest } from '../engine/engine'
import { lifecycleHandlers } from './lifecycle'

const ref = { engine: 'local' as EngineId, id: 'web' }
const { signal } = new AbortController()

/** What the engine is asked, with a container whose own stop timeout is given. */
function asked(stopTimeout?: number): {
  requests: JsonRequest[]
  handlers: ReturnType<typeof lifecycleHandlers>
} {
  const requests: JsonRequest[] = []
  const json = (request: JsonRequest): Promise<unknown> => {
    requests.push(request)
    return Promise.resolve({ Config: { StopTimeout: stopTimeout } })
  }
  return { requests, handlers: lifecycleHandlers(() => ({ json }) as unknown as EngineClient) }
}

test.each([
  [undefined, undefined, 40_000],
  [undefined, 300, 330_000],
  [90, undefined, 120_000],
  [90, 0, 30_000],
  [-1, undefined, 86_430_000],
])('a stop with own timeout %s, asked %s, waits %i ms at most', async (own, timeoutS, timeoutMs) => {
  const { requests, handlers } = asked(own)
  await handlers['containers.stop']({ ...ref, timeoutS }, signal)
  expect(requests.at(-1)).toMatchObject({ path: '/containers/web/stop', query: { t: timeoutS }, timeoutMs })
})

test('a name that is no path stays a name', async () => {
  const { requests, handlers } = asked()
  await handlers['containers.start']({ ...ref, id: '../images/x?y' }, signal)
  expect(requests[0]?.path).toBe('/containers/..%2Fimages%2Fx%3Fy/start')
})
