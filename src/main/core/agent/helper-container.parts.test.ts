import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { agentBinary } from '../../../../testing/agent/agent-binary'
import { busyboxImage } from '../../../../testing/engine/images'
import { helperLabel, type EngineId } from '../../../shared/model'
import { demux } from '../engine/demux'
import { dialUnix } from '../engine/dial'
import { connectEngine, type ConnectedEngine } from '../engine/engine-client'
import { waitFor } from '../platform/wait-for'
import { Agents } from './agents'
import { helperRoad, removeAll, type HelperDeps } from './helper-container'
import { StatTicks } from './stats-ticks'

const engineId = 'local' as EngineId
let engine: ConnectedEngine
beforeAll(async () => {
  const path = inject('engineSocket')
  const { signal } = new AbortController()
  engine = await connectEngine({ id: engineId, dial: dialUnix(path), address: `unix://${path}`, signal })
  // A helper removes itself a moment after its end: those of the files before must have gone.
  await waitFor(async () => (await helpers()).length === 0, { timeoutMs: 30_000, what: 'no helper' })
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

/** An engine that stores what it loads in another form, and so under another id; `says` may change what it tells. */
function rewriting(says: (inspected: object) => object = (inspected) => inspected) {
  let loads = 0
  const facade: HelperDeps['engine'] = {
    facts: engine.facts,
    hijack: (request) => engine.hijack(request),
    json: async <T>(request: Parameters<HelperDeps['engine']['json']>[0]) => {
      const answer = await engine.json<T>(request)
      return request.path.startsWith('/images/sha') || request.path.startsWith('/images/slipway')
        ? (says(answer as object) as T)
        : answer
    },
    stream: (request) => {
      loads++
      return engine.stream({ ...request, upload: [...(request.upload ?? [])].map(anotherForm) })
    },
  }
  return { engine: facade, loads: () => loads }
}

/** The same image by its layer and by how it runs; by its history's date another one. */
function anotherForm(tar: Uint8Array): Buffer {
  const bytes = Buffer.from(tar)
  const date = '1970-01-01T00:00:00Z'
  const at = bytes.lastIndexOf(date)
  expect(at).toBeGreaterThan(0)
  bytes.write('1971', at)
  // What names another blob comes after it.
  for (const { name, data } of entriesIn(bytes)) {
    const [was, is] = [name.slice(-64), createHash('sha256').update(data).digest('hex')]
    if (!name.startsWith('blobs/sha256/') || data.length === 0 || was === is) continue
    for (let found = bytes.indexOf(was); found >= 0; found = bytes.indexOf(was, found)) bytes.write(is, found)
  }
  for (const { head } of entriesIn(bytes)) {
    head.write('        ', 148)
    const sum = head.reduce((total, byte) => total + byte, 0)
    head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  }
  return bytes
}

/** Parts of the archive itself: what is written to them is written to it. */
function* entriesIn(tar: Buffer): Generator<{ head: Buffer; name: string; data: Buffer }> {
  for (let at = 0; tar[at] !== 0;) {
    const head = tar.subarray(at, at + 512)
    const size = parseInt(head.toString('latin1', 124, 136), 8)
    const name = head.toString('latin1', 0, 100).replace(/\0.*/s, '')
    yield { head, name, data: tar.subarray(at + 512, at + 512 + size) }
    at += 512 + Math.ceil(size / 512) * 512
  }
}

test('an engine that stores the image under another id gets it once, and runs it', async () => {
  const other = rewriting()
  const agents = new Agents(() => Promise.resolve(helperRoad({ ...deps('nine'), engine: other.engine })))
  onTestFinished(async () => {
    await agents.close()
    await removeAll({ engine, owner: 'nine' })
  })
  await removeAll({ engine, owner: 'nine' })
  agents.engineUp(engineId)
  const first = await running(agents)
  const [id] = await helpers()
  await engine.json({ method: 'POST', path: `/containers/${id}/kill` })
  await waitFor(() => ![undefined, first].includes(agents.agentFor(engineId, 'agent.facts')), {
    timeoutMs: 30_000,
    what: 'another agent',
  })
  expect(other.loads()).toBe(1)
})

// Whoever gives our name to an image of theirs while we load ours must not have it run.
test.each([
  ['another layer', { RootFS: { Layers: ['sha256:0'] } }],
  ['a layer more', (was: Inspected) => ({ RootFS: { Layers: [...was.RootFS.Layers, 'sha256:0'] } })],
  ['a variable', (was: Inspected) => ({ Config: { ...was.Config, Env: ['GODEBUG=x'] } })],
  ['a volume', (was: Inspected) => ({ Config: { ...was.Config, Volumes: { '/slipway-agent': {} } } })],
])('what has our name and %s is not run, and nobody tries for ever', async (_, changes) => {
  const other = rewriting((inspected) => ({
    ...inspected,
    ...(typeof changes === 'function' ? changes(inspected as Inspected) : changes),
  }))
  const agents = new Agents(() => Promise.resolve(helperRoad({ ...deps('ten'), engine: other.engine })))
  onTestFinished(() => agents.close())
  await removeAll({ engine, owner: 'ten' })
  agents.engineUp(engineId)
  await waitFor(() => agents.states.get(engineId)?.kind === 'off', {
    timeoutMs: 30_000,
    what: 'the end of it',
  })
  expect(agents.states.get(engineId)).toEqual({ kind: 'off', because: 'unsupported', why: 'image' })
  expect(other.loads()).toBe(1)
  expect(await helpers()).toEqual([])
  const filters = { label: [`${helperLabel}=agent`] }
  expect(await engine.json({ path: '/images/json', query: { filters } })).toEqual([])
})

interface Inspected {
  readonly RootFS: { readonly Layers: readonly string[] }
  readonly Config: object
}

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

// Whoever loads an image chooses its name: ours must not become the name of what runs with the host's rights.
test('another image under the name of ours is not run', async () => {
  const { version } = agentBinary()
  const image = `slipway-agent:${version}`
  const owner = started('seven')
  await running(owner)
  await owner.close()
  await waitFor(async () => (await helpers()).length === 0, { timeoutMs: 30_000, what: 'no helper' })
  await engine.json({ method: 'DELETE', path: `/images/${image}` })
  const query = { repo: 'slipway-agent', tag: version }
  await engine.json({ method: 'POST', path: `/images/${busyboxImage}/tag`, query })
  onTestFinished(async () => {
    await engine.json({ method: 'DELETE', path: `/images/${image}` }).catch(() => undefined)
  })
  const agents = started('seven')
  const agent = await running(agents)
  await expect(agent.call('agent.facts', {})).resolves.toBeTruthy()
  const [id] = await helpers()
  const made = await engine.json<{ Image: string; Name: string }>({ path: `/containers/${id}/json` })
  const { Id: other } = await engine.json<{ Id: string }>({ path: `/images/${busyboxImage}/json` })
  expect(made.Image).not.toBe(other)
  expect(made.Name).toMatch(/^\/slipway-agent-[0-9a-f]{12}$/)
})

test('a person’s image that says it were a helper stays', async () => {
  const mine = 'slipway-test/mine:latest'
  const query = {
    fromSrc: '-',
    repo: 'slipway-test/mine',
    tag: 'latest',
    changes: `LABEL ${helperLabel}=agent`,
  }
  const answer = await engine.stream({
    ...{ method: 'POST', path: '/images/create', query },
    upload: [Buffer.alloc(1024)],
  })
  for await (const _ of answer);
  onTestFinished(() => engine.json({ method: 'DELETE', path: `/images/${mine}` }).then(() => undefined))
  await running(started('eight'))
  await removeAll({ engine, owner: 'eight' })
  await expect(engine.json({ path: `/images/${mine}/json` })).resolves.toBeTruthy()
})

async function runContainer(script: string): Promise<string> {
  const { Id } = await engine.json<{ Id: string }>({
    method: 'POST',
    path: '/containers/create',
    body: { Image: busyboxImage, Cmd: ['sh', '-c', script], HostConfig: { NetworkMode: 'none' } },
  })
  onTestFinished(async () => {
    await engine.json({ method: 'DELETE', path: `/containers/${Id}`, query: { force: true } })
  })
  await engine.json({ method: 'POST', path: `/containers/${Id}/start` })
  return Id
}

test('with the few rights that it has it reads stats, logs, and what layers keep from others', async () => {
  const script =
    'mkdir /hidden; echo deep > /hidden/file; chown -R 1000 /hidden; chmod -R 0 /hidden; echo said'
  const id = await runContainer(`${script}; ping -c 3 127.0.0.1 > /dev/null; sleep 1000`)
  const agent = await running(started('six'))
  const decoder = new StatTicks()
  for await (const item of agent.stream('stats.watch', { intervalMs: 200, slots: { 0: id } })) {
    const [reading] = decoder.decode(item as Buffer).readings
    if (!reading) continue
    expect(reading.memoryBytes).toBeGreaterThan(0)
    expect(reading.pids).toBeGreaterThan(0)
    break
  }
  const root = engine.facts.rootDir
  const source = { root, container: id, driver: 'json-file', isTty: true }
  await waitFor(
    async () => {
      const bytes: Buffer[] = []
      for await (const piece of agent.stream('logs.read', source)) bytes.push(piece as Buffer)
      return Buffer.concat(bytes).toString() === 'said\n'
    },
    { timeoutMs: 20_000, what: 'the log' },
  )
  const entries: string[] = []
  for await (const item of agent.stream('layers.tree', { root, container: id }))
    entries.push(JSON.stringify(item))
  expect(entries.join('')).toContain('hidden')
  expect(entries.join('')).toContain('file')
})
