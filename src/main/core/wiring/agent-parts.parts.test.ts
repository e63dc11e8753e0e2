import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, inject, onTestFinished, test } from 'vitest'
import { agentBinary } from '../../../../testing/agent/agent-binary'
import { noInput } from '../../../../testing/services/no-input'
import { helperLabel, type AgentState, type EngineId } from '../../../shared/model'
import { findAgentPrograms, type AgentPrograms } from './agent-programs'
import { startCore, type Core } from '../core'
import { waitFor } from '../platform/wait-for'

const { signal } = new AbortController()
const local = 'local' as EngineId
const built: AgentPrograms = () => agentBinary()

interface Around {
  readonly uid?: number
  readonly env?: Record<string, string>
  readonly programs?: AgentPrograms
  readonly dataDir?: string
}

async function freshCore({ uid = 1000, env = {}, programs = built, dataDir }: Around = {}): Promise<Core> {
  const dir = dataDir ?? (await mkdtemp('/tmp/sla-'))
  const core = await startCore({
    ...{ host: 'serve', dataDir: dir, agentPrograms: programs },
    env: {
      ...{ PATH: dir, HOME: dir, XDG_RUNTIME_DIR: dir, DOCKER_HOST: `unix://${inject('engineSocket')}` },
      ...env,
    },
    surroundings: { uid, sockets: { rootful: join(dir, 'none'), podman: join(dir, 'none') } },
  })
  onTestFinished(async () => {
    await core.close()
    await rm(dir, { recursive: true, force: true })
  })
  return core
}

/** Reads the feed of agents until the local one is as wanted. */
async function untilAgent(core: Core, is: (state: AgentState) => boolean): Promise<AgentState> {
  const stop = new AbortController()
  const feed = core.handlers['agents.watch']({}, { signal: stop.signal, input: noInput() })
  for await (const states of feed) {
    const state = states.find(({ engine }) => engine === local)?.state
    if (!state || !is(state)) continue
    stop.abort()
    return state
  }
  throw new Error('The feed ended')
}

async function helpersOf(core: Core): Promise<readonly string[]> {
  const { signal: end } = new AbortController()
  for await (const item of core.handlers['inventory.watch']({}, { signal: end, input: noInput() }))
    if (item.kind === 'snapshot')
      return item.slices.flatMap(({ kind, rows }) =>
        kind === 'containers' ? rows.filter(({ labels }) => helperLabel in labels).map(({ id }) => id) : [],
      )
  return []
}

test('nothing is put beside an engine before the person says so; their word is kept and can be taken back', async () => {
  const core = await freshCore()
  await untilAgent(core, ({ kind }) => kind === 'unasked')
  expect(await helpersOf(core)).toEqual([])
  await expect(core.handlers['agents.cost']({ engine: local }, signal)).rejects.toMatchObject({
    code: 'engine.unsupported',
  })
  await core.handlers['agents.allow']({ engine: local, allowed: true }, signal)
  const state = await untilAgent(core, ({ kind }) => kind === 'running')
  expect(state).toMatchObject({ road: 'container', version: agentBinary().version })
  const settings = await core.handlers['settings.get']({}, signal)
  expect(settings.agents).toEqual({ [`unix://${inject('engineSocket')}`]: 'on' })
  const cost = await core.handlers['agents.cost']({ engine: local }, signal)
  expect(cost.rssBytes).toBeGreaterThan(1_000_000)
  await waitFor(async () => (await helpersOf(core)).length === 1, { timeoutMs: 20_000, what: 'a helper' })
  await core.handlers['agents.allow']({ engine: local, allowed: false }, signal)
  expect(await untilAgent(core, ({ kind }) => kind === 'off')).toEqual({ kind: 'off', because: 'declined' })
  await waitFor(async () => (await helpersOf(core)).length === 0, { timeoutMs: 20_000, what: 'no helper' })
})

test('core that is root on the engine’s host is the agent’s parent, unless it was declined or is unwanted', async () => {
  const core = await freshCore({ uid: 0 })
  expect(await untilAgent(core, ({ kind }) => kind === 'running')).toMatchObject({ road: 'child' })
  await core.handlers['agents.allow']({ engine: local, allowed: false }, signal)
  await untilAgent(core, ({ kind }) => kind === 'off')
  await core.handlers['agents.allow']({ engine: local, allowed: true }, signal)
  expect(await untilAgent(core, ({ kind }) => kind === 'running')).toMatchObject({ road: 'child' })
  const off = await freshCore({ uid: 0, env: { SLIPWAY_AGENT: 'off' } })
  await untilAgent(off, (state) => state.kind === 'off' && state.because === 'declined')
  const asked = await freshCore({ uid: 0, env: { SLIPWAY_AGENT: 'container' } })
  await untilAgent(asked, ({ kind }) => kind === 'unasked')
})

test('what was not built is said', async () => {
  const core = await freshCore({ programs: () => undefined })
  expect(await untilAgent(core, () => true)).toEqual({ kind: 'off', because: 'not-built' })
})

test('the helper goes when core closes', async () => {
  const core = await freshCore()
  await untilAgent(core, ({ kind }) => kind === 'unasked')
  await core.handlers['agents.allow']({ engine: local, allowed: true }, signal)
  await untilAgent(core, ({ kind }) => kind === 'running')
  const watcher = await freshCore({ programs: () => undefined })
  await waitFor(async () => (await helpersOf(watcher)).length === 1, { timeoutMs: 20_000, what: 'a helper' })
  await core.close()
  await waitFor(async () => (await helpersOf(watcher)).length === 0, { timeoutMs: 20_000, what: 'no helper' })
})

test('programs are found upwards from the code, for both architectures as engines and Go name them', () => {
  const { version } = agentBinary()
  const programs = findAgentPrograms()
  for (const [arch, folder] of Object.entries({ x86_64: 'amd64', amd64: 'amd64', aarch64: 'arm64' }))
    expect(programs(arch)).toMatchObject({ version, path: expect.stringContaining(`/${folder}/`) as string })
  expect(programs('riscv64')).toBeUndefined()
  expect(programs('constructor')).toBeUndefined()
  expect(findAgentPrograms('/')('x86_64')).toBeUndefined()
})

test('core that closes while an agent starts waits for no hello of it', async () => {
  const dataDir = await mkdtemp('/tmp/sla-')
  const path = join(dataDir, 'silent-agent')
  await writeFile(path, '#!/bin/sh\nexec /bin/sleep 1000\n', { mode: 0o755 })
  const core = await freshCore({ uid: 0, dataDir, programs: () => ({ path, version: 'silent' }) })
  await untilAgent(core, ({ kind }) => kind === 'starting')
  await core.close()
})

test('a reset forgets the word: the helper ends, and the person is asked anew', async () => {
  const core = await freshCore()
  await untilAgent(core, ({ kind }) => kind === 'unasked')
  await core.handlers['agents.allow']({ engine: local, allowed: true }, signal)
  await untilAgent(core, ({ kind }) => kind === 'running')
  expect((await core.handlers['reset.plan']({}, signal)).settings.agents).toBe(1)
  await core.handlers['reset.run']({ typedWord: 'reset' }, signal)
  await untilAgent(core, ({ kind }) => kind === 'unasked')
  await expect.poll(() => helpersOf(core)).toEqual([])
}, 60_000)
