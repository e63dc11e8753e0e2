import { EventEmitter, once } from 'node:events'
import { expect, test } from 'vitest'
import type { EngineId } from '../../../shared/model'
import { emptyRunSpec } from '../../../shared/model'
import type { EngineClient, JsonRequest } from '../engine/engine'
import { cancelled } from '../engine/engine-error'
import { runContainer } from './run-container'

/** An engine that answers a create when it is told to, and gives up a call whose signal aborts as the client does. */
function slowEngine() {
  const requests: JsonRequest[] = []
  const answer = new EventEmitter()
  const answered = once(answer, 'created').then(([Id]) => ({ Id: String(Id) }))
  const json = (request: JsonRequest): Promise<unknown> => {
    requests.push(request)
    if (request.path !== '/containers/create') return Promise.resolve()
    return Promise.race([
      answered,
      new Promise((_, reject) => request.signal?.addEventListener('abort', () => reject(cancelled()))),
    ])
  }
  const engine = { id: 'local' as EngineId, json } as unknown as EngineClient
  const sent = () => requests.map(({ method, path }) => `${method} ${path}`)
  return { engine, requests, answer, sent }
}

const run = (engine: EngineClient, signal: AbortSignal, start = true) =>
  runContainer({
    ...{ engine, start, signal, pull: undefined },
    spec: { ...emptyRunSpec('busybox'), name: 'web' },
    progress: () => undefined,
  })

// The engine makes the container whether or not anybody hears its answer: the name must be free for the next try.
test.each([true, false])(
  'cancelled while the engine creates: what comes late goes (start: %s)',
  async (start) => {
    const { engine, requests, answer, sent } = slowEngine()
    const cancel = new AbortController()
    const ran = run(engine, cancel.signal, start)
    cancel.abort()
    await expect(ran).rejects.toMatchObject({ code: 'cancelled' })
    expect(sent()).toEqual(['POST /containers/create'])
    answer.emit('created', 'late')
    await expect.poll(sent).toEqual(['POST /containers/create', 'DELETE /containers/late'])
    expect(requests.at(-1)?.query).toEqual({ force: true, v: true })
  },
)

test('cancelled while the engine creates, and then refused: nothing is taken back', async () => {
  const { engine, answer, sent } = slowEngine()
  const cancel = new AbortController()
  const ran = run(engine, cancel.signal)
  cancel.abort()
  await expect(ran).rejects.toMatchObject({ code: 'cancelled' })
  answer.emit('error', new Error('refused'))
  await new Promise((resolve) => setImmediate(resolve))
  expect(sent()).toEqual(['POST /containers/create'])
})

test('cancelled before it began, the engine is asked nothing', async () => {
  const { engine, sent } = slowEngine()
  await expect(run(engine, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
  expect(sent()).toEqual([])
})
