import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { agentBinary } from '../../../../testing/agent/agent-binary'
import { helperLabel, type EngineId } from '../../../shared/model'
import { demux } from '../engine/demux'
import { dialUnix } from '../engine/dial'
import { connectEngine, type ConnectedEngine } from '../engine/engine-client'
import { waitFor } from '../platform/wait-for'
import { Agents } from './agents'
import { helperRoad, type HelperDeps } from './helper-container'

const engineId = 'local' as EngineId
let engine: ConnectedEngine
beforeAll(async () => {
  const path = inject('engineSocket')
  const { signal } = new AbortController()
  engine = await connectEngine({ id: engineId, dial: dialUnix(path), address: `unix://${path}`, signal })
})
afterAll(() => engine.close())

const deps = (owner: string): HelperDeps => ({ engine, binary: agentBinary(), owner, demux })

async function helpers(): Promise<string[]> {
  const filters = { label: [`${helperLabel}=agent`] }
  const list = await engine.json<{ Id: string }[]>({ path: '/containers/json', query: { all: 1, filters } })
  return list.map(({ Id }) => Id)
}

/** Agents over the helper road; all is gone at the test's end. */
function started(owner: string): Agents {
  const agents = new Agents(() => Promise.resolve(helperRoad(deps(owner))))
  onTestFinished(async () => {
    await agents.close()
    await waitFor(async () => (await helpers()).length === 0, { timeoutMs: 20_000, what: 'no helper' })
  })
  agents.engineUp(engineId)
  return agents
}

const running = (agents: Agents) =>
  waitFor(() => agents.agentFor(engineId, 'agent.facts'), { timeoutMs: 30_000, what: 'an agent' })

test('an agent beside the engine answers over its container’s own streams, and goes without a trace', async () => {
  const agents = started('one')
  const agent = await running(agents)
  expect(agents.states.get(engineId)).toMatchObject({ kind: 'running', road: 'container' })
  const facts = await agent.call<{ pid: number }>('agent.facts', {})
  // It sees the host's processes: its own number there is not 1.
  expect(facts.pid).toBeGreaterThan(1)
  const [id] = await helpers()
  const { HostConfig, NetworkSettings } = await engine.json<{
    HostConfig: { NetworkMode: string; CapAdd: string[]; Privileged: boolean }
    NetworkSettings: { Ports: object }
  }>({ path: `/containers/${id}/json` })
  expect(HostConfig).toMatchObject({ NetworkMode: 'none', Privileged: false })
  expect(NetworkSettings.Ports).toEqual({})
  await agents.engineDown(engineId)
  await waitFor(async () => (await helpers()).length === 0, { timeoutMs: 20_000, what: 'no helper' })
  expect(agents.states.has(engineId)).toBe(false)
})

test('an agent that is killed is started again', async () => {
  const agents = started('two')
  const first = await running(agents)
  const [id] = await helpers()
  await engine.json({ method: 'POST', path: `/containers/${id}/kill` })
  const second = await waitFor(
    () => {
      const agent = agents.agentFor(engineId, 'agent.facts')
      return agent === first ? undefined : agent
    },
    { timeoutMs: 30_000, what: 'another agent' },
  )
  await expect(second.call('agent.facts', {})).resolves.toBeTruthy()
})

test('what a core that died left is taken away by the next, and another core’s agent stays', async () => {
  // A road that nobody closes is what a killed core leaves, as long as the engine holds its stream open.
  const signal = new AbortController().signal
  const left = await helperRoad(deps('three')).open(signal)
  const other = await helperRoad(deps('four')).open(signal)
  for (const road of [left, other]) road.on('error', () => undefined)
  onTestFinished(() => {
    left.destroy()
    other.destroy()
  })
  const before = await helpers()
  expect(before).toHaveLength(2)
  const agents = started('three')
  await running(agents)
  const after = await helpers()
  expect(after).toHaveLength(2)
  expect(after.filter((id) => before.includes(id))).toHaveLength(1)
  other.destroy()
})

test('an engine that forbids it is told in words, and asked again later', async () => {
  const refusing: HelperDeps = {
    ...deps('five'),
    engine: {
      facts: engine.facts,
      stream: (request) => engine.stream(request),
      hijack: (request) => engine.hijack(request),
      json: (request) =>
        engine.json(
          request.path === '/containers/create'
            ? { ...request, body: { ...(request.body as object), HostConfig: { Runtime: 'forbidden' } } }
            : request,
        ),
    },
  }
  const agents = new Agents(() => Promise.resolve(helperRoad(refusing)))
  onTestFinished(() => agents.close())
  agents.engineUp(engineId)
  const state = await waitFor(
    () => {
      const now = agents.states.get(engineId)
      return now?.kind === 'failed' ? now : undefined
    },
    { timeoutMs: 30_000, what: 'a failed agent' },
  )
  expect(state.error.code).toBe('request.invalid')
  expect(state.nextTryMs).toBeGreaterThan(0)
})
