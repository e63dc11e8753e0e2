import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import { agentBinary } from '../../../../testing/agent/agent-binary'
import type { EngineId } from '../../../shared/model'
import { waitFor } from '../platform/wait-for'
import { Agents } from './agents'
import { childRoad, type AgentRoad } from './road'

const engine = 'local' as EngineId

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

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

test('close waits for the end of what runs, and a stuck agent is ended by then', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'slipway-agents-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const { path } = agentBinary()
  const stuck = join(dir, 'stuck')
  // Its last word to us is the agent's; then it hears nothing any more.
  const script = `#!/bin/sh\necho $$ > ${dir}/pid\n"${path}"\nexec sleep 1000\n`
  await writeFile(stuck, script, { mode: 0o755 })
  const agents = new Agents(() => Promise.resolve(childRoad({ path: stuck, version: 'test' })))
  agents.engineUp(engine)
  await waitFor(() => agents.agentFor(engine, 'agent.facts'), { timeoutMs: 20_000, what: 'an agent' })
  const pid = Number(await readFile(join(dir, 'pid'), 'utf8'))
  await agents.close()
  await waitFor(() => !isRunning(pid), { timeoutMs: 1000, what: 'the end of what was killed' })
})

test('an agent that is started anew never runs beside the one before', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'slipway-agents-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const slow = join(dir, 'slow')
  // Cleans up for a while, as after a large upload.
  const script = `#!/bin/sh\nmkdir ${dir}/alive || touch ${dir}/two\n"${agentBinary().path}"\nsleep 0.5\nrmdir ${dir}/alive\n`
  await writeFile(slow, script, { mode: 0o755 })
  const agents = new Agents(() => Promise.resolve(childRoad({ path: slow, version: 'test' })))
  onTestFinished(() => agents.close())
  agents.engineUp(engine)
  const first = await waitFor(() => agents.agentFor(engine, 'agent.facts'), {
    timeoutMs: 20_000,
    what: 'an agent',
  })
  await agents.again(engine)
  await waitFor(
    () => {
      const now = agents.agentFor(engine, 'agent.facts')
      return now && now !== first
    },
    { timeoutMs: 20_000, what: 'another agent' },
  )
  expect(existsSync(join(dir, 'two'))).toBe(false)
})
