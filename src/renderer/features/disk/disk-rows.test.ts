import { expect, test } from 'vitest'
import type { DiskReport, EngineId } from '../../../shared/model'
import { toRows, toTree } from './disk-rows'

const words = { kind: (kind: string) => `all ${kind}s`, rest: 'shared' }
const image = (id: string, bytes: number) => ({ kind: 'image' as const, id, bytes, sharedBytes: 0 })
const report: DiskReport = {
  ...{ engine: 'local' as EngineId, measuredAtMs: 0, tookMs: 1, road: 'agent', areLayersMeasured: true },
  totals: { image: 100, container: 0, volume: 7, cache: 0, other: 0 },
  entries: [image('a', 60), image('b', 0)],
}

test('the picture names its kinds, and what several share has a field of its own', () => {
  const { value, children } = toTree(
    report,
    toRows(report, () => undefined),
    words,
  )
  expect(value).toBe(107)
  expect(children?.map(({ name }) => name)).toEqual(['all images', 'all volumes'])
  expect(children?.[0]?.children?.map((node) => [node.name, node.value])).toEqual([
    ['a', 60],
    ['shared', 40],
  ])
  expect(children?.[1]?.children).toEqual([])
})
