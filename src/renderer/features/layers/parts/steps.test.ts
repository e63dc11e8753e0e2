import { expect, test } from 'vitest'
import type { ImageLayer, Layer, LayerSummary } from '../../../../shared/model'
import { joinSteps } from './steps'
import { modeWords } from './mode-words'

const line = (index: number, isEmpty: boolean): Layer => ({
  index,
  command: `step ${index}`,
  createdAtMs: 1,
  sizeBytes: 5,
  isEmpty,
  comment: '',
  tags: [],
  sharedWith: [],
})
const read = (index: number): ImageLayer => ({
  index,
  diffId: `sha256:${index}`,
  sizeBytes: 7,
  command: 'read',
  createdAtMs: 1,
  added: 1,
  changed: 0,
  removed: 0,
  wastedBytes: 0,
})
const summary = (count: number): LayerSummary => ({
  id: 'sha256:x' as never,
  layers: Array.from({ length: count }, (_, index) => read(index)),
  totalBytes: 7,
  wastedBytes: 0,
  efficiency: 1,
  entries: 1,
  road: 'save',
  refused: 0,
})

test('steps without a layer do not count as layers', () => {
  const steps = joinSteps([line(0, false), line(1, true), line(2, false)], summary(2))
  expect(steps.map((step) => step.layer)).toEqual([0, undefined, 1])
  expect(steps[2]?.read?.diffId).toBe('sha256:1')
})

test('a history that tells of other layers is not matched by place', () => {
  const steps = joinSteps([line(0, false)], summary(3))
  expect(steps).toHaveLength(3)
  expect(steps.every((step) => step.history === undefined)).toBe(true)
})

test('permissions read as ls writes them', () => {
  expect(modeWords('folder', 0o1777)).toBe('drwxrwxrwt')
  expect(modeWords('file', 0o4644)).toBe('-rwSr--r--')
  expect(modeWords('file', 0o2755)).toBe('-rwxr-sr-x')
})
