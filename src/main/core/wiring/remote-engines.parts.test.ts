/** An engine on another host, from the question of the first login to a terminal on it, as any client asks for it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { busyboxImage } from '../../../../testing/engine/images'
import { startSshHost, type SshHost } from '../../../../testing/ssh-host/ssh-host'
import type { CheckedArgs } from '../../../shared/contract'
import { isCode } from '../../../shared/errors'
import type { EngineId, InventoryItem, TerminalItem } from '../../../shared/model'
import { startCore, type Core } from '../core'

const { signal } = new AbortController()
let host: SshHost

beforeAll(async () => {
  const config = [`SetEnv DOCKER_HOST=unix://${inject('engineSocket')}`]
  host = await startSshHost({ config, banner: 'For staff only.\n' })
})
afterAll(() => host.stop())

async function freshCore(): Promise<Core> {
  const dataDir = await mkdtemp('/tmp/slc-ssh-')
  const sockets = { rootful: join(dataDir, 'none'), podman: join(dataDir, 'none') }
  const env = { PATH: dataDir, HOME: dataDir, XDG_RUNTIME_DIR: dataDir }
  const core = await startCore({ host: 'serve', dataDir, env, surroundings: { uid: 1000, sockets } })
  onTestFinished(async () => {
    await core.close()
    await rm(dataDir, { recursive: true, force: true })
  })
  return core
}

const address = () =>
  ({ kind: 'ssh', host: host.host, port: host.port, user: 'root', identityFile: host.keyFile }) as const

async function added(core: Core): Promise<EngineId> {
  const asked = core.handlers['engines.test']({ address: address() }, signal)
  const question = await Promise.resolve(asked).catch((error: unknown) => error)
  if (!isCode(question, 'ssh.unknown-host')) throw question as Error
  const { question: name, fingerprint } = question.facts
  await core.handlers['remotes.answer']({ question: String(name), answer: String(fingerprint) }, signal)
  const tested = await core.handlers['engines.test']({ address: address() }, signal)
  expect(tested.apiVersion).toMatch(/^1\.\d+$/)
  expect(tested.banner).toBe('For staff only.')
  const { engine } = await core.handlers['engines.add']({ name: 'far away', address: address() }, signal)
  await untilItem(core, (item) => 'engines' in item && stateIn(item, engine) === 'running')
  return engine
}

const stateIn = (item: Extract<InventoryItem, { engines: unknown }>, id: EngineId): string | undefined =>
  item.engines.find((engine) => engine.id === id)?.state.kind

async function untilItem(core: Core, wanted: (item: InventoryItem) => boolean): Promise<InventoryItem> {
  const stop = new AbortController()
  const context = { signal: stop.signal, input: none() }
  for await (const item of core.handlers['inventory.watch']({}, context)) if (wanted(item)) return item
  throw new Error('The feed ended')
}
async function* none(): AsyncGenerator<never> {
  await Promise.resolve()
}

const runArgs = (engine: EngineId): CheckedArgs<'containers.run'> => ({
  engine,
  spec: {
    ...({
      image: busyboxImage,
      name: 'slt-far',
      command: ['sleep', '1000'],
    } as CheckedArgs<'containers.run'>['spec']),
    ...{ env: [], ports: [], mounts: [], labels: [], networkAliases: [], capAdd: [], capDrop: [] },
    ...{ securityOpt: [], devices: [], extraHosts: [], dns: [], restart: { policy: 'no' } },
    ...{ network: '', hostname: '', user: '', workdir: '', stopSignal: '', platform: '' },
    ...{ publishAll: false, autoRemove: false, tty: false, stdin: false, init: false },
    ...{ privileged: false, readOnly: false, detach: true },
  },
  start: true,
})

test('a remote engine is asked for, added, and holds what it holds', async () => {
  const core = await freshCore()
  const engine = await added(core)
  const { id } = await core.handlers['containers.run'](runArgs(engine), signal)
  await untilItem(core, (item) => JSON.stringify(item).includes(id))
  await core.handlers['containers.remove']({ engine, id, force: true, volumes: false }, signal)
}, 90_000)

test('a terminal on the host of an engine tells how its command ended', async () => {
  const core = await freshCore()
  const machine = await added(core)
  const command = ['sh', '-c', 'echo "here: $TERM"; exit 9']
  const { session } = await core.handlers['terminal.open'](
    { kind: 'machine', machine, command, cols: 80, rows: 24 },
    signal,
  )
  expect(session).toMatchObject({ kind: 'machine', title: 'far away' })
  let said = ''
  let end: TerminalItem | undefined
  const context = { signal, input: none() }
  for await (const item of core.handlers['terminal.attach']({ session: session.id }, context)) {
    if (item instanceof Uint8Array) said += Buffer.from(item).toString()
    else if (item.kind === 'ended') end = item
  }
  expect(said).toContain('here: xterm-256color')
  expect(end).toEqual({ kind: 'ended', exitCode: 9 })
}, 60_000)

test('an answer is kept out of the log and of Activity', async () => {
  const core = await freshCore()
  await core.handlers['remotes.answer']({ question: 'passphrase:/x', answer: 'canary-8271' }, signal)
  for await (const item of core.handlers['activity.watch']({}, { signal, input: none() })) {
    expect(JSON.stringify(item)).not.toContain('canary')
    break
  }
  expect(readFileSync(core.paths.log, 'utf8')).not.toContain('canary')
})

test('a host that has no machine of this name is said', async () => {
  const core = await freshCore()
  const open = core.handlers['terminal.open'](
    { kind: 'machine', machine: 'nobody' as EngineId, command: [], cols: 80, rows: 24 },
    signal,
  )
  await expect(open).rejects.toMatchObject({ code: 'machine.unknown' })
})
