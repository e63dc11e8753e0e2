/** An engine that says nothing for some seconds, as behind a slow disk: nobody's work may be lost by it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { expect, onTestFinished, test } from 'vitest'
import { agentBinary } from '../../../../testing/agent/agent-binary'
import { busyboxImage, testImage } from '../../../../testing/engine/images'
import { startTestEngine } from '../../../../testing/engine/start-engine'
import { plainEngine } from '../../../../testing/plain-engine/plain-engine'
import { noInput } from '../../../../testing/services/no-input'
import { isCode } from '../../../shared/errors'
import type { AgentState, EngineId, EngineState } from '../../../shared/model'
import { startCore, type Core } from '../core'
import { pause, waitFor } from '../platform/wait-for'

const local = 'local' as EngineId
const { signal } = new AbortController()

async function coreOn(host: string): Promise<Core> {
  const dir = await mkdtemp('/tmp/sls-')
  const core = await startCore({
    ...{ host: 'serve', dataDir: dir, agentPrograms: () => agentBinary() },
    env: { PATH: dir, HOME: dir, XDG_RUNTIME_DIR: dir, DOCKER_HOST: host },
    surroundings: { uid: 0, sockets: { rootful: `${dir}/none`, podman: `${dir}/none` } },
  })
  onTestFinished(async () => {
    await core.close()
    await rm(dir, { recursive: true, force: true })
  })
  return core
}

/** What a window sees of the engine and its agent, in order. */
function looking(core: Core): { states: EngineState[]; agents: (AgentState | undefined)[] } {
  const ended = new AbortController()
  onTestFinished(() => ended.abort())
  const context = { signal: ended.signal, input: noInput() }
  const seen = { states: [] as EngineState[], agents: [] as (AgentState | undefined)[] }
  void (async () => {
    for await (const item of core.handlers['inventory.watch']({}, context))
      if ('engines' in item) seen.states.push(...item.engines.map(({ state }) => state))
  })()
  void (async () => {
    for await (const states of core.handlers['agents.watch']({}, context))
      seen.agents.push(states.find(({ engine }) => engine === local)?.state)
  })()
  return seen
}

const until = (check: () => boolean, what: string): Promise<unknown> =>
  waitFor(check, { timeoutMs: 60_000, what, everyMs: 20 })

test('silence is shown, and costs neither a task nor the agent; the end of the engine ends both', async () => {
  const engine = await startTestEngine({ network: 'none' })
  onTestFinished(() => engine.stop())
  await testImage(engine.socket)
  const plain = plainEngine(engine.socket)
  const body = { Image: busyboxImage, Cmd: ['sleep', '1000'], HostConfig: { NetworkMode: 'none' } }
  const made = { method: 'POST', path: '/containers/create', body } as const
  const { Id: id } = await plain.json<{ Id: string }>(made)
  await plain.json({ method: 'POST', path: `/containers/${id}/start`, timeoutMs: 60_000 })
  const core = await coreOn(engine.host)
  const seen = looking(core)
  const isSilent = (state: EngineState | undefined): boolean =>
    state?.kind === 'lost' && state.error.code === 'engine.not-responding'
  await until(() => seen.agents.at(-1)?.kind === 'running', 'the agent')
  const agents = seen.agents.length
  // The first program of a container minds no SIGTERM that it does not handle: so long it takes.
  const ref = { engine: local, id }
  const stopping = Promise.resolve(core.handlers['containers.stop']({ ...ref, timeoutS: 8 }, signal))
  const frozenMs = performance.now()
  engine.sigstop()
  await until(() => isSilent(seen.states.at(-1)), 'the silence')
  expect(performance.now() - frozenMs).toBeLessThan(4_000)
  await pause(1_000)
  engine.sigcont()
  await until(() => seen.states.at(-1)?.kind === 'running', 'running again')
  expect(await stopping).toBeNull()
  expect(seen.agents.slice(agents)).toEqual([])
  await core.handlers['containers.start'](ref, signal)
  const lost = Promise.resolve(core.handlers['containers.stop']({ ...ref, timeoutS: 60 }, signal)).catch(
    (error: unknown) => error,
  )
  await pause(500)
  await engine.kill9()
  expect(isCode(await lost, 'engine.unreachable')).toBe(true)
  await until(() => seen.agents.length > agents && seen.agents.at(-1) === undefined, 'the agent’s end')
}, 240_000)
