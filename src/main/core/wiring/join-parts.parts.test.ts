import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { FakeEngine } from '../../../../testing/fake-engine/fake-engine'
import { Cleanup } from '../../../shared/std/cleanup'
import { Emitter } from '../../../shared/std/emitter'
import type { EngineId } from '../../../shared/model'
import { Activity } from '../history/activity'
import { Inventory } from '../inventory/inventory'
import type { KnownEngine, MachinesView } from '../machines/machines'
import { waitFor } from '../platform/wait-for'
import { joinParts, type JoinedParts, type Push } from './join-parts'

const id = 'local' as EngineId

/** The parts that engines come and go through; the others hear nothing here. */
function joined() {
  const views = new Emitter<MachinesView>()
  const [inventory, activity, pushes] = [new Inventory(), new Activity(), new Emitter<Push>()]
  const deaf = { onChanged: () => () => undefined }
  const machines = {
    view: { engines: [], roads: [] },
    onChanged: views.on.bind(views),
    refresh: () => undefined,
  }
  const parts = { inventory, activity, pushes, machines, vms: { machines: deaf }, settings: deaf }
  const cleanup = new Cleanup()
  joinParts({ ...parts, files: { engineUp: () => undefined } } as unknown as JoinedParts, cleanup)
  onTestFinished(async () => {
    inventory.close()
    await cleanup.close()
  })
  const notices: string[] = []
  pushes.on((push) => push.name === 'notice.raised' && notices.push(push.value.kind))
  const know = (...paths: string[]): void => {
    const engine = { id, name: 'L', origin: 'added', isOurs: false } as const
    const engines = paths.map((path): KnownEngine => ({ ...engine, address: { kind: 'unix', path } }))
    views.emit({ engines, roads: [] })
  }
  return { inventory, activity, notices, know }
}

const until = (check: () => boolean, what: string): Promise<unknown> =>
  waitFor(check, { timeoutMs: 40_000, what, everyMs: 10 })

test('a task ends with the engine that is replaced or removed, and its successor is not called lost', async () => {
  const dir = mkdtempSync('/tmp/slj-')
  const fake = new FakeEngine(join(dir, 's'))
  await fake.start()
  onTestFinished(async () => {
    await fake.stop()
    rmSync(dir, { recursive: true })
  })
  const { inventory, activity, notices, know } = joined()
  const state = (): string | undefined => inventory.engines[0]?.state.kind
  const spec = { kind: 'images.pull', engine: id, subject: 'x', command: 'docker pull x', canCancel: true }
  const task = (): Promise<unknown> =>
    activity.run(spec, () => new Promise(() => undefined)).catch((error: unknown) => error)
  const interrupted = async (): Promise<boolean> => {
    for await (const item of activity.watch(new AbortController().signal))
      return item.kind === 'all' && item.tasks.every((one) => one.state === 'interrupted')
    return false
  }
  know(fake.socketPath)
  await until(() => state() === 'running', 'the first')
  void task()
  know(join(dir, 'none'))
  expect(await interrupted()).toBe(true)
  await until(() => state() === 'lost', 'no answer')
  expect(notices).toEqual([])
  know(fake.socketPath)
  await until(() => state() === 'running', 'the first again')
  void task()
  know()
  expect(await interrupted()).toBe(true)
  expect(notices).toEqual([])
})
