import { expect, test } from 'vitest'
import type { CoreTransport } from '../../shared/contract/wire'
import { Emitter } from '../../shared/std/emitter'
import { memoryRoad } from '../../../testing/transports/memory-transport'
import { until } from '../../../testing/transports/lab'
import { LastingCore, type RunningCore } from './lasting-core'

class FakeCore implements RunningCore {
  readonly accepted: CoreTransport[] = []
  readonly #gone = new Emitter<void>()
  isClosed = false
  accept(transport: CoreTransport): void {
    this.accepted.push(transport)
  }
  onGone(listener: () => void): () => void {
    return this.#gone.on(listener)
  }
  end(): void {
    this.#gone.emit()
  }
  close(): Promise<void> {
    this.isClosed = true
    return Promise.resolve()
  }
}

test('after a core has gone there is a new one at once, and clients get that', async () => {
  const cores: FakeCore[] = []
  const lasting = new LastingCore(() => {
    cores.push(new FakeCore())
    return Promise.resolve(cores.at(-1) as FakeCore)
  })
  await lasting.ready()
  lasting.accept(memoryRoad().core)
  await until(() => cores[0]?.accepted.length === 1, 'the first core has it')
  cores[0]?.end()
  await until(() => cores.length === 2, 'a new core is there')
  lasting.accept(memoryRoad().core)
  await until(() => cores[1]?.accepted.length === 1, 'the second core has it')
  await lasting.close()
  cores[1]?.end()
  expect(cores.map(({ isClosed }) => isClosed)).toEqual([false, true])
})

test('a client that finds no core is closed, and the next one tries again', async () => {
  let tries = 0
  const core = new FakeCore()
  const lasting = new LastingCore(() =>
    ++tries === 1 ? Promise.reject(new Error('no core')) : Promise.resolve(core),
  )
  const { client, core: end } = memoryRoad()
  let isClosed = false
  client.onClose(() => (isClosed = true))
  lasting.accept(end)
  await until(() => isClosed, 'it is closed')
  lasting.accept(memoryRoad().core)
  await until(() => core.accepted.length === 1, 'the next one is taken')
  expect(tries).toBe(2)
})
