import { spawn } from 'node:child_process'
import { Duplex } from 'node:stream'
import { expect, inject, onTestFinished, test } from 'vitest'
import { agentBinary } from '../../../../testing/agent/agent-binary'
import { busyboxImage } from '../../../../testing/engine/images'
import { plainEngine } from '../../../../testing/plain-engine/plain-engine'
import { connectAgent, type AgentClient } from './agent-client'
import { StatTicks, type StatTick } from './stats-ticks'

interface Child {
  readonly road: Duplex
  readonly kill: () => void
  readonly ended: Promise<number | null>
}

function startAgent(): Child {
  const child = spawn(agentBinary().path, [], { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
  return {
    road: Duplex.from({ readable: child.stdout, writable: child.stdin }),
    kill: () => child.kill('SIGKILL'),
    ended,
  }
}

async function connected(): Promise<Child & { agent: AgentClient }> {
  const child = startAgent()
  const agent = await connectAgent(child.road)
  onTestFinished(() => agent.close())
  return { ...child, agent }
}

async function startContainer(script: string): Promise<{ id: string; stop: () => Promise<void> }> {
  const engine = plainEngine(inject('engineSocket'))
  const body = { Image: busyboxImage, Cmd: ['sh', '-c', script], HostConfig: { NetworkMode: 'none' } }
  const { Id: id } = await engine.json<{ Id: string }>({ method: 'POST', path: '/containers/create', body })
  const remove = async (): Promise<void> => {
    await engine
      .json({ method: 'DELETE', path: `/containers/${id}`, query: { force: true } })
      .catch(() => undefined)
  }
  onTestFinished(remove)
  await engine.json({ method: 'POST', path: `/containers/${id}/start` })
  return { id, stop: remove }
}

/** Reads ticks until one is as wanted. */
async function tickWhere(
  agent: AgentClient,
  slots: object,
  is: (tick: StatTick) => boolean,
): Promise<StatTick[]> {
  const stream = agent.stream('stats.watch', { intervalMs: 200, slots })
  const decoder = new StatTicks()
  const ticks: StatTick[] = []
  for await (const item of stream) {
    const tick = decoder.decode(item as Buffer)
    ticks.push(tick)
    if (is(tick)) return ticks
  }
  throw new Error('The stream ended')
}

test('the agent says who it is and what it costs', async () => {
  const { agent } = await connected()
  expect(agent.hello.version).toBe(agentBinary().version)
  expect(agent.hello.features).toContain('stats.watch')
  const facts = await agent.call<{ pid: number; rssBytes: number }>('agent.facts', {})
  expect(facts.pid).toBeGreaterThan(1)
  expect(facts.rssBytes).toBeGreaterThan(1_000_000)
})

test('a busy container shows its CPU, and its end', async () => {
  const { agent } = await connected()
  const busy = await startContainer('while :; do :; done')
  const idle = await startContainer('sleep 1000')
  const slots = { 0: busy.id, 1: idle.id }
  const ticks = await tickWhere(agent, slots, ({ readings }) =>
    // More than a container's start takes, which the idle one has had as well.
    readings.some(({ slot, cpuNs, pids }) => slot === 0 && cpuNs > 1_000_000_000 && pids > 0),
  )
  const last = ticks.at(-1)?.readings
  expect(last?.map(({ slot }) => slot).sort()).toEqual([0, 1])
  const cpuOf = (slot: number): number => last?.find((reading) => reading.slot === slot)?.cpuNs ?? -1
  expect(cpuOf(0)).toBeGreaterThan(cpuOf(1))
  // The end is told of what was seen.
  let stopped: Promise<void> | undefined
  const gone = await tickWhere(agent, slots, (tick) => {
    if (tick.readings.some(({ slot }) => slot === 0)) stopped ??= busy.stop()
    return tick.gone.includes(0)
  })
  await stopped
  expect(gone.at(-1)?.readings.map(({ slot }) => slot)).toEqual([1])
})

test('an agent that is killed is told to all who wait', async () => {
  const { agent, kill } = await connected()
  const reading = tickWhere(agent, {}, () => false)
  const heard = new Promise<Error>((resolve) => agent.onClosed(resolve))
  kill()
  await expect(reading).rejects.toMatchObject({ code: 'engine.unreachable' })
  expect(await heard).toMatchObject({ code: 'engine.unreachable' })
  await expect(agent.call('agent.facts', {})).rejects.toMatchObject({ code: 'engine.unreachable' })
})

test('an unknown method and wrong arguments are words, not ends', async () => {
  const { agent } = await connected()
  await expect(agent.call('no.such', {})).rejects.toMatchObject({ code: 'call.unknown' })
  const stream = agent.stream('stats.watch', { intervalMs: 1, slots: {} })
  await expect(stream[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'input.invalid' })
  await expect(agent.call('agent.facts', {})).resolves.toBeTruthy()
})

test('garbage ends the agent’s session, and its process with its only client', async () => {
  const { road, ended } = startAgent()
  road.on('error', () => undefined)
  road.write('GET / HTTP/1.1\r\n\r\n')
  expect(await ended).not.toBe(0)
})

test('who is no agent is refused', async () => {
  const road = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() })
  const connecting = connectAgent(road)
  road.push('HTTP/1.1 400 Bad Request\r\n\r\n')
  await expect(connecting).rejects.toMatchObject({ code: 'engine.bad-answer' })
})
