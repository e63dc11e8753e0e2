import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Router } from 'wouter'
import { memoryLocation } from 'wouter/memory-location'
import { FakeClient } from '../../../testing/window/fake-client'
import { engineRow, localEngine, snapshotOf } from '../../../testing/window/rows'
import type { EngineId } from '../../shared/model'
import { takeClient } from '../api'
import { setLanguage } from '../i18n'
import { takeAgents } from '../store/agents'
import { applyInventory } from '../store/inventory'
import { AgentQuestion } from './AgentQuestion'

let core: FakeClient
const far = 'far' as EngineId

beforeEach(async () => {
  await setLanguage('en')
  core = new FakeClient({ 'agents.allow': () => null })
  takeClient(core.client)
  applyInventory(snapshotOf([], [engineRow(), { ...engineRow(), id: far, name: 'NAS' }]))
})
afterEach(() => {
  cleanup()
  takeAgents([])
})

const show = (path = '/containers'): void =>
  void render(
    <Router hook={memoryLocation({ path }).hook}>
      <AgentQuestion />
    </Router>,
  )

test('an engine that nobody was asked about is asked about, wherever one is; one whose answer is known is not', async () => {
  takeAgents([
    { engine: localEngine, state: { kind: 'off', because: 'declined' } },
    { engine: far, state: { kind: 'unasked' } },
  ])
  show()
  expect(screen.getByRole('region', { name: 'Agent beside NAS' })).toBeTruthy()
  await userEvent.click(screen.getByRole('button', { name: 'Not now' }))
  expect(core.asked('agents.allow')).toEqual([{ engine: far, allowed: false }])
})

test('two engines are asked about one after the other', async () => {
  takeAgents([localEngine, far].map((engine) => ({ engine, state: { kind: 'unasked' } })))
  show()
  expect(screen.getAllByRole('region')).toHaveLength(1)
  await userEvent.click(screen.getByRole('button', { name: 'Allow' }))
  expect(core.asked('agents.allow')).toEqual([{ engine: localEngine, allowed: true }])
})

test('the engine’s own page asks in its card, and an engine that does not answer is not asked about', () => {
  takeAgents([{ engine: localEngine, state: { kind: 'unasked' } }])
  show('/engine')
  expect(screen.queryByRole('region')).toBeNull()
  cleanup()
  applyInventory(snapshotOf([], [{ ...engineRow(), state: { kind: 'connecting', sinceMs: 1 } }]))
  show()
  expect(screen.queryByRole('region')).toBeNull()
})
