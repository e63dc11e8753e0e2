import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { agentBinary } from '../../../../testing/agent/agent-binary'
import { busyboxImage } from '../../../../testing/engine/images'
import type { AppError } from '../../../shared/errors'
import type { EngineId, LogItem } from '../../../shared/model'
import { connectAgent, type AgentClient } from '../agent/agent-client'
import { childRoad } from '../agent/road'
import { dialUnix } from '../engine/dial'
import { connectEngine, type ConnectedEngine } from '../engine/engine-client'
import { waitFor } from '../platform/wait-for'
import { LogFollower, type LogRequest } from './log-follower'

// The agent begins to read before the engine has told what container it is.
let engine: ConnectedEngine
let agent: AgentClient
beforeAll(async () => {
  const path = inject('engineSocket')
  const { signal } = new AbortController()
  engine = await connectEngine({ id: 'local' as EngineId, dial: dialUnix(path), address: path, signal })
  agent = await connectAgent(await childRoad(agentBinary()).open(signal))
})
afterAll(() => {
  agent.close()
  engine.close()
})

async function started(driver: string, isTty: boolean, script: string): Promise<string> {
  const { Id } = await engine.json<{ Id: string }>({
    method: 'POST',
    path: '/containers/create',
    body: {
      ...{ Image: busyboxImage, Cmd: ['sh', '-c', script], Tty: isTty },
      HostConfig: { NetworkMode: 'none', LogConfig: { Type: driver, Config: {} } },
    },
  })
  onTestFinished(() => engine.json({ method: 'DELETE', path: `/containers/${Id}`, query: { force: true } }))
  await engine.json({ method: 'POST', path: `/containers/${Id}/start` })
  return Id
}

const written = (id: string, isNever: boolean): Promise<unknown> =>
  waitFor(async () => isNever || textOf(await read({ id })).includes('end'), {
    timeoutMs: 20_000,
    what: 'the whole log',
  })

/** An agent that tells which streams it was asked for, and which of them were closed. */
function watched(): { readonly agent: AgentClient; asked: number; closed: number } {
  const seen = { asked: 0, closed: 0 }
  const stream: AgentClient['stream'] = (method, args) => {
    const one = agent.stream(method, args)
    seen.asked++
    const cancel = one.cancel.bind(one)
    one.cancel = () => {
      seen.closed++
      cancel()
    }
    return one
  }
  return Object.assign(seen, { agent: { ...agent, stream } })
}

async function read(request: Partial<LogRequest> & { id: string }, by?: AgentClient): Promise<LogItem[]> {
  const host = () => ({ engine, agentFor: () => by })
  const whole = { follow: false, timestamps: true, ...request }
  const items: LogItem[] = []
  for await (const item of new LogFollower(host, whole, new AbortController().signal).items())
    items.push(item)
  return items
}

const textOf = (items: readonly LogItem[]): string[] =>
  items.flatMap((item) => (item.kind === 'lines' ? item.lines : [item.kind]))

const script = 'for i in $(seq 1 200); do echo "line $i"; done; echo end; exec sleep 1000'

test.each([
  ['json-file', false, { asked: 1 }],
  ['local', false, { asked: 1 }],
  // Its entries are read in another form, which the engine alone tells.
  ['json-file', true, { asked: 2 }],
  ['none', false, { asked: 1, closed: 1 }],
] as const)('%s, tty %s: what was begun is read to its end, or left', async (driver, isTty, want) => {
  const id = await started(driver, isTty, script)
  await written(id, driver === 'none')
  const seen = watched()
  const [byEngine, byAgent] = await Promise.all(
    [undefined, seen.agent].map((by) => read({ id }, by).catch((error: unknown) => error as AppError)),
  )
  if (driver === 'none') expect((byAgent as AppError).code).toBe((byEngine as AppError).code)
  else expect(textOf(byAgent as LogItem[])).toEqual(textOf(byEngine as LogItem[]))
  expect(seen).toMatchObject(want)
})

test('what was begun before the container’s end is read anew', async () => {
  const id = await started('json-file', false, script)
  await written(id, false)
  await engine.json({ method: 'POST', path: `/containers/${id}/kill` })
  await engine.json({ method: 'POST', path: `/containers/${id}/wait`, timeoutMs: 60_000 })
  const seen = watched()
  expect(textOf(await read({ id, tail: 2 }, seen.agent))).toEqual(['line 200', 'end', 'ended'])
  expect(seen.asked).toBe(2)
})

test('an older agent, which finds no driver by itself, is told which it is', async () => {
  const id = await started('json-file', false, script)
  await written(id, false)
  const seen = watched()
  const older: AgentClient = {
    ...seen.agent,
    stream: (method, args) =>
      seen.agent.stream(
        method,
        (args as { driver?: string }).driver === '' ? { ...args, driver: 'x' } : args,
      ),
  }
  expect(textOf(await read({ id, tail: 1 }, older))).toEqual(['end', 'ended'])
  expect(seen.asked).toBe(2)
})

test('a container that is not there is told, and nobody reads for it', async () => {
  const seen = watched()
  await expect(read({ id: 'a'.repeat(64) }, seen.agent)).rejects.toMatchObject({ code: 'object.not-found' })
  await expect.poll(() => seen).toMatchObject({ asked: 1, closed: 1 })
})
