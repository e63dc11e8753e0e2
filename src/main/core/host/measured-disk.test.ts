import { expect, test } from 'vitest'
import { toReading } from './host-handlers'
import { MeasuredDisk } from './measured-disk'

const layer = (chainId: string, bytes: number, folder = chainId) => ({ chainId, folder, bytes })

test('a layer that images share is counted once, and belongs to none of them alone', () => {
  const disk = new MeasuredDisk()
  disk.take({ kind: 'layers', items: [layer('base', 100), layer('a', 10), layer('b', 20)] })
  disk.take({
    kind: 'images',
    items: [
      { id: 'A', layers: ['base', 'a'] },
      // The same layer twice in one image is still one folder.
      { id: 'B', layers: ['base', 'b', 'b'] },
    ],
  })
  disk.take({ kind: 'end', hasLayers: true })
  const { totals, entries, areLayersMeasured } = disk.count()
  expect(totals.image).toBe(130)
  expect(areLayersMeasured).toBe(true)
  expect(entries).toEqual([
    { kind: 'image', id: 'B', bytes: 20, sharedBytes: 100 },
    { kind: 'image', id: 'A', bytes: 10, sharedBytes: 100 },
  ])
})

test('layers of no image and folders of nobody are build cache', () => {
  const disk = new MeasuredDisk()
  disk.take({ kind: 'layers', items: [layer('left', 40, 'cacheid')] })
  disk.take({ kind: 'folders', items: [{ name: 'other', bytes: 2, isCut: true }] })
  const { totals, entries } = disk.count()
  expect(totals).toMatchObject({ image: 0, cache: 42 })
  expect(entries).toEqual([
    { kind: 'cache', id: 'cacheid', bytes: 40, sharedBytes: 0 },
    { kind: 'cache', id: 'other', bytes: 2, sharedBytes: 0, isCut: true },
  ])
})

test('what was fetched of an image is the image’s, and of none nothing that a clean-up frees', () => {
  const disk = new MeasuredDisk()
  disk.take({ kind: 'layers', items: [layer('base', 100), layer('blob:a', 30), layer('blob:b', 7, 'b')] })
  disk.take({ kind: 'images', items: [{ id: 'A', layers: ['base', 'blob:a'] }] })
  const { totals, entries } = disk.count()
  expect(totals).toMatchObject({ image: 130, cache: 0, other: 7 })
  expect(entries).toContainEqual({ kind: 'other', id: 'b', bytes: 7, sharedBytes: 0 })
})

test('a container is what it wrote, its log and the notes on it', () => {
  const disk = new MeasuredDisk()
  disk.take({ kind: 'containers', items: [{ id: 'c', layerBytes: 1, logBytes: 20, noteBytes: 300 }] })
  disk.take({ kind: 'volumes', items: [{ name: 'v', bytes: 5 }] })
  disk.take({ kind: 'rest', items: [{ name: 'buildkit', bytes: 7 }] })
  const { totals, entries } = disk.count()
  expect(totals).toEqual({ image: 0, container: 321, volume: 5, cache: 0, other: 7 })
  expect(entries.map(({ kind, id }) => `${kind} ${id}`)).toEqual([
    'container c',
    'other buildkit',
    'volume v',
  ])
})

const reading = {
  ...{ epochMs: 0, uptimeMs: 0, kernel: '6', cpus: 2, cpuBusyMs: 500, cpuTotalMs: 1000, load: [0, 0, 0] },
  ...{ memoryBytes: 100, availableBytes: 40, swapBytes: 10, swapFreeBytes: 10, disks: [] },
}

test('CPU is the share of the time between two readings, at first of the host’s whole life', () => {
  expect(toReading(reading, undefined)).toMatchObject({ cpuPercent: 50, usedBytes: 60, swapUsedBytes: 0 })
  const later = { ...reading, cpuBusyMs: 600, cpuTotalMs: 2000 }
  expect(toReading(later, reading).cpuPercent).toBe(10)
  // A host that was started again counts from zero.
  expect(toReading(reading, later).cpuPercent).toBe(0)
})
