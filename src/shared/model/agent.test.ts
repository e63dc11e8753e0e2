import { expect, test } from 'vitest'
import type { EngineEvent } from './activity'
import { isHelper, isHelperEvent } from './agent'
import type { EngineId } from './ids'

const labels = { 'io.slipway.helper': 'agent', 'io.slipway.owner': 'me' }

test('a container is a helper by its label and its name, which no image can give', () => {
  expect(isHelper({ labels, name: 'slipway-agent-1f2e' })).toBe(true)
  expect(isHelper({ labels: { 'io.slipway.helper': 'files' }, name: 'slipway-files-1f2e' })).toBe(true)
  expect(isHelper({ labels, name: 'miner' })).toBe(false)
  expect(isHelper({ labels, name: 'slipway-files-1f2e' })).toBe(false)
  expect(isHelper({ labels: { 'io.slipway.helper': '' }, name: 'slipway--1f2e' })).toBe(false)
  expect(isHelper({ labels: {}, name: 'slipway-agent-1f2e' })).toBe(false)
})

test('an image is a helper when it has no other name than ours', () => {
  expect(isHelper({ labels, tags: ['slipway-agent:1'] })).toBe(true)
  expect(isHelper({ labels, tags: ['slipway-agent:1', 'miner:latest'] })).toBe(false)
  expect(isHelper({ labels, tags: ['miner:latest'] })).toBe(false)
  expect(isHelper({ labels, tags: [] })).toBe(false)
  expect(isHelper({ labels: {}, tags: ['slipway-agent:1'] })).toBe(false)
})

test('events of helpers are told from those of containers whose image says that it were one', () => {
  const event = (type: string, name: string): EngineEvent => ({
    ...{ engine: 'local' as EngineId, atMs: 0, type, action: 'start', id: 'x', name },
    attributes: { ...labels, name },
  })
  expect(isHelperEvent(event('container', 'slipway-agent-1f2e'))).toBe(true)
  expect(isHelperEvent(event('container', 'miner'))).toBe(false)
  expect(isHelperEvent(event('image', 'slipway-agent:1'))).toBe(true)
  expect(isHelperEvent(event('image', 'sha256:1f2e'))).toBe(true)
  expect(isHelperEvent(event('image', 'miner:latest'))).toBe(false)
})
