import { act as settle, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, test } from 'vitest'
import { FakeClient } from '../../../../testing/window/fake-client'
import { engineRow, localEngine } from '../../../../testing/window/rows'
import type { AgentState } from '../../../shared/model'
import { takeClient } from '../../api'
import { setLanguage } from '../../i18n'
import { takeAgents } from '../../store/agents'
import { AgentCard } from './AgentCard'

let core: FakeClient
const user = userEvent.setup()
const engine = engineRow()

beforeEach(async () => {
  await setLanguage('en')
  core = new FakeClient({
    'agents.allow': () => null,
    'agents.cost': () => ({ pid: 7, arch: 'amd64', uptimeMs: 10_000, cpuMs: 100, rssBytes: 4 * 1024 * 1024 }),
  })
  takeClient(core.client)
  takeAgents([])
})

const show = (state?: AgentState): void => {
  if (state) takeAgents([{ engine: localEngine, state }])
  render(<AgentCard engine={engine} />)
}

test('until core tells of an agent there is no card', () => {
  show()
  expect(screen.queryByRole('region')).toBeNull()
})

test.each([
  ['Allow', true],
  ['Not now', false],
])('the question says what is asked for, and %s is the word', async (name, allowed) => {
  show({ kind: 'unasked' })
  expect(screen.getByText(/privileged helper container; removed when Slipway quits/)).toBeTruthy()
  await user.click(screen.getByRole('button', { name }))
  expect(core.asked('agents.allow')).toEqual([{ engine: localEngine, allowed }])
})

test('a running agent tells its road, its parts, its cost, and can be switched off', async () => {
  const features = ['stats.watch', 'logs.read', 'agent.facts']
  show({ kind: 'running', road: 'child', version: 'abc123', features, sinceMs: 1 })
  expect(screen.getByText(/a child process of Slipway/)).toBeTruthy()
  expect(screen.getByText('stats, logs')).toBeTruthy()
  // What an older one does not do is said.
  expect(screen.getByText(/search of whole logs, layers, files, the host/)).toBeTruthy()
  expect(screen.getByText('abc123')).toBeTruthy()
  await waitFor(() => expect(screen.getByText('1% of a core, 4 MiB of memory')).toBeTruthy())
  await user.click(screen.getByRole('button', { name: 'Switch off' }))
  expect(core.asked('agents.allow')).toEqual([{ engine: localEngine, allowed: false }])
})

test('what rules an agent out is said, and nothing is asked', () => {
  show({ kind: 'off', because: 'unsupported', why: 'podman' })
  expect(screen.getByText('Not made for Podman')).toBeTruthy()
  expect(screen.queryByRole('button')).toBeNull()
})

test('one that failed says why and that it is tried again; declined, it can be switched on', async () => {
  const error = { code: 'engine.unreachable', message: 'x', facts: {} } as const
  show({ kind: 'failed', road: 'container', error, nextTryMs: 1 })
  expect(screen.getByText(/tries again by itself/)).toBeTruthy()
  await settle(async () => {
    takeAgents([{ engine: localEngine, state: { kind: 'off', because: 'declined' } }])
    await Promise.resolve()
  })
  await user.click(screen.getByRole('button', { name: 'Switch on' }))
  expect(core.asked('agents.allow')).toEqual([{ engine: localEngine, allowed: true }])
})
