import { expect, test } from 'vitest'
import * as fake from '../../../testing/electron/fake-electron'
import { CoreProcess, type CoreForks } from './core-process'

const limits = { graceMs: 60_000, silentMs: 30_000 }

/** A core, and a clock that moves on by its next timer. */
function running() {
  const child = new fake.FakeProcess('core-host.js')
  const timers: { atMs: number; run: () => void }[] = []
  let nowMs = 0
  const core = new CoreProcess({
    fork: () => child,
    channel: () => new fake.MessageChannelMain(),
    after: (ms: number, run: () => void) => void timers.push({ atMs: nowMs + ms, run }),
  } as unknown as CoreForks)
  core.start()
  const tick = (): number => {
    const next = timers.shift()
    nowMs = next?.atMs ?? nowMs
    next?.run()
    return nowMs
  }
  return { core, child, tick }
}

test('a core that ends in silence is killed soon', async () => {
  const { core, child, tick } = running()
  const stopped = core.stop(limits)
  while (tick() < 25_000) expect(child.isKilled).toBe(false)
  expect(tick()).toBe(30_000)
  expect(child.isKilled).toBe(true)
  await stopped
})

test('one that says that it lives has its whole time, and no more', async () => {
  const { core, child, tick } = running()
  const stopped = core.stop(limits)
  while (tick() < 55_000) child.emit('message', { kind: 'ending' })
  expect(child.isKilled).toBe(false)
  expect(tick()).toBe(60_000)
  expect(child.isKilled).toBe(true)
  await stopped
})

test('one that ended in time is left alone', async () => {
  const { core, child, tick } = running()
  const stopped = core.stop(limits)
  child.emit('exit', 0)
  await stopped
  for (let times = 0; times < 20; times++) tick()
  expect(child.isKilled).toBe(false)
})
