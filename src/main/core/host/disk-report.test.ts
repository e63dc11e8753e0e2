import { expect, test } from 'vitest'
import type { DiskReport, EngineId } from '../../../shared/model'
import type { AgentClient } from '../agent/agent-client'
import type { EngineClient } from '../engine/engine'
import { DiskReports } from './disk-report'

const engine = 'local' as EngineId
const usage = { LayersSize: 70, Images: [{ Id: 'today', Size: 70, SharedSize: 0 }] }

/** An agent that knows two stores, and finds the same layers in each. */
function reports(storageDriver: string): { readonly disk: DiskReports; readonly asked: object[] } {
  const asked: object[] = []
  const stream = (_: string, args: { readonly driver?: string }): unknown => {
    asked.push(args)
    const hasLayers = args.driver === 'overlay2' || args.driver === 'overlayfs'
    return Object.assign(toldBy(hasLayers), { cancel: () => undefined })
  }
  const client = {
    facts: { rootDir: '/data', apiVersion: '1.51', storageDriver },
    json: () => Promise.resolve(usage),
  }
  const disk = new DiskReports({
    engineOf: () => client as unknown as EngineClient,
    agentFor: () => ({ stream }) as unknown as AgentClient,
  })
  return { disk, asked }
}

async function* toldBy(hasLayers: boolean): AsyncGenerator<object> {
  if (hasLayers) {
    yield { kind: 'layers', items: [{ chainId: 'old', folder: 'old', bytes: 100 }] }
    yield { kind: 'images', items: [{ id: 'old', layers: ['old'] }] }
  }
  yield await Promise.resolve({ kind: 'end', hasLayers })
}

async function read(disk: DiskReports): Promise<DiskReport> {
  for await (const item of disk.read(engine, true, new AbortController().signal))
    if (item.kind === 'report') return item.report
  throw new Error('There was no report')
}

test('in a store that the agent does not know, layers are as the engine counts them', async () => {
  const { disk, asked } = reports('btrfs')
  const { areLayersMeasured, totals, entries } = await read(disk)
  expect(asked).toEqual([{ root: '/data', driver: 'btrfs' }])
  expect({ areLayersMeasured, image: totals.image }).toEqual({ areLayersMeasured: false, image: 70 })
  expect(entries.map(({ id }) => id)).toEqual(['today'])
})

test.each(['overlay2', 'overlayfs'])('with %s they are measured', async (driver) => {
  const { areLayersMeasured, totals } = await read(reports(driver).disk)
  expect({ areLayersMeasured, image: totals.image }).toEqual({ areLayersMeasured: true, image: 100 })
})
