import { setTimeout as pause } from 'node:timers/promises'
import { connectEngine } from '../../src/main/core/engine/engine-client'
import { dialAddress } from '../../src/main/core/engine/dial'
import { rowSources } from '../../src/main/core/inventory/row-source'
import type { Lab, Row } from '../lab'
import { judge, limit, pairs, percentile, timed } from '../measure'

const containers = 500

/** The first list of 500 containers, as rows of the model, against the bare answer and against the CLI. */
export const firstList: Row = {
  name: 'list',
  run: async (lab) => {
    await lab.fill(containers, false)
    const signal = new AbortController().signal
    const dial = dialAddress({ kind: 'unix', path: lab.engine.socket })
    const engine = await connectEngine({ id: lab.id, dial, address: lab.engine.host, signal })
    const ours = (): Promise<number> =>
      timed(async () => {
        const rows = await rowSources.containers.list(engine, signal)
        if (rows.length < containers) throw new Error(`only ${rows.length} rows`)
      })
    const raw = (): Promise<number> =>
      timed(async () => JSON.parse((await lab.raw('/containers/json?all=1')).toString()) as unknown)
    const cli = (): Promise<number> => timed(() => lab.docker('ps', '-a'))
    const againstRaw = await pairs(15, raw, ours)
    const againstCli = await pairs(7, cli, ours)
    engine.close()
    return [
      judge({ row: 'first list of 500 containers, against raw HTTP', unit: 'ms' }, againstRaw, {
        atMost: 1.15,
      }),
      judge({ row: 'first list of 500 containers, against docker ps -a', unit: 'ms' }, againstCli, {
        atLeast: 2.4,
      }),
    ]
  },
}

/** From an engine's event to the row in a client's feed, with 500 containers present. */
export const eventToModel: Row = {
  name: 'event',
  run: async (lab) => {
    await lab.fill(containers, false)
    const waits = await eventWaits(lab, 100)
    const one = await oneOnly(lab)
    const costs = await pairs(
      5,
      () => listCost(lab, '/containers/json?all=1'),
      () => listCost(lab, one),
    )
    return [
      limit({ row: 'event to model, 500 containers, p95', unit: 'ms' }, percentile(waits, 0.95), 5),
      judge({ row: 'engine CPU per change, against a list anew', unit: 's' }, costs, { atLeast: 30 }),
    ]
  },
}

/** What core asks when an event names one container: the list, held to its id. */
async function oneOnly(lab: Lab): Promise<string> {
  const id = (await lab.docker('ps', '-aqf', 'name=^bench-1$', '--no-trunc')).trim()
  return `/containers/json?all=1&filters=${encodeURIComponent(JSON.stringify({ id: [id] }))}`
}

/** Engine CPU seconds per request, over enough requests that a clock tick of 10 ms does not show. */
async function listCost(lab: Lab, path: string): Promise<number> {
  const count = path.includes('filters') ? 1500 : 60
  const before = lab.engineCpu()
  for (let at = 0; at < count; at++) await lab.raw(path)
  return Math.max(0.01, lab.engineCpu() - before) / count
}

/** Renames a container again and again, which costs the engine nothing else, and times each to its row. */
async function eventWaits(lab: Lab, count: number): Promise<number[]> {
  const id = (await lab.docker('ps', '-aqf', 'name=^bench-0', '--no-trunc')).trim().split('\n')[0] ?? ''
  const seen = new Map<string, (atMs: number) => void>()
  const feed = lab.client.stream('inventory.watch', {})
  const reading = (async () => {
    for await (const item of feed) {
      if (item.kind !== 'deltas') continue
      for (const delta of item.deltas) {
        if (delta.kind === 'containers') for (const row of delta.put) seen.get(row.name)?.(performance.now())
      }
    }
  })()
  const waits: number[] = []
  for (let at = 0; at < count; at++) {
    const name = `bench-0-${at}`
    const arrived = new Promise<number>((resolve) => seen.set(name, resolve))
    await lab.raw(`/containers/${id}/rename?name=${name}`, 'POST')
    // The engine answers after it said the event: what is left is the event's way and ours.
    const answered = performance.now()
    waits.push(Math.max(0, (await arrived) - answered))
    // Changes within 50 ms leave together: each of these is the first after a quiet moment.
    await pause(80)
  }
  await lab.raw(`/containers/${id}/rename?name=bench-0`, 'POST')
  feed.cancel()
  await reading
  return waits
}

export const lists: readonly Row[] = [firstList, eventToModel]
