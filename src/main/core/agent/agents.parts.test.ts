import type { Duplex } from 'node:stream'
import { expect, test } from 'vitest'
import { agentBinary } from '../../../../testing/agent/agent-binary'
import type { EngineId } from '../../../shared/model'
import { waitFor } from '../platform/wait-for'
import { Agents } from './agents'
import { childRoad, type AgentRoad } from './road'

const engine = 'local' as EngineId

/** A road that is open only when the test says so: what takes long when an engine starts. */
function slowRoad(): { road: AgentRoad; let: () => void; opened: Duplex[] } {
  let open = (): void => undefined
  const gate = new Promise<void>((resolve) => (open = resolve))
  const opened: Duplex[] = []
  const child = childRoad(agentBinary())
  const road: AgentRoad = {
    kind: 'child',
    open: async (signal) => {
      await gate
      const stream = await child.open(signal)
      opened.push(stream)
      return stream
    },
  }
  return { road, let: () => open(), opened }
}

// An abort that came while nobody listened was lost, and the end waited for an agent that lived on.
test('an engine that goes while its agent is still starting leaves none behind', async () => {
  const slow = slowRoad()
  const agents = new Agents(() => Promise.resolve(slow.road))
  agents.engineUp(engine)
  const down = agents.engineDown(engine)
  slow.let()
  await down
  expect(agents.states.has(engine)).toBe(false)
  expect(agents.agentFor(engine, 'agent.facts')).toBeUndefined()
  await waitFor(() => slow.opened.every(({ destroyed }) => destroyed), { timeoutMs: 10_000, what: 'the end' })
})

test('close ends what runs', async () => {
  const agents = new Agents(() => Promise.resolve(childRoad(agentBinary())))
  agents.engineUp(engine)
  const agent = await waitFor(() => agents.agentFor(engine, 'agent.facts'), {
    timeoutMs: 20_000,
    what: 'an agent',
  })
  await agents.close()
  await expect(agent.call('agent.facts', {})).rejects.toMatchObject({ code: 'engine.unreachable' })
})
