import { createSocket } from 'node:dgram'
import { readdirSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { expect, inject, onTestFinished, test } from 'vitest'
import { busyboxImage } from '../../../../testing/engine/images'
import { plainEngine } from '../../../../testing/plain-engine/plain-engine'
import { freePort } from '../../../../testing/ports/free-port'
import type { CallName, CheckedArgs, Reply } from '../../../shared/contract'
import type { Container, ContainerId, EngineId, RunSpec } from '../../../shared/model'
import { emptyRunSpec } from '../../../shared/model'
import { parseDockerRun } from '../../../shared/run'
import { containerHandlers, type ContainerDeps } from './container-handlers'

const engine = 'local' as EngineId
const client = () => plainEngine(inject('engineSocket'))
const signal = new AbortController().signal

function handlers(more: Partial<ContainerDeps> = {}) {
  return containerHandlers({ engineOf: client, rowsOf: () => [], ...more })
}
type Name = Extract<CallName, keyof ReturnType<typeof handlers>>
const call = async <N extends Name>(name: N, args: Omit<CheckedArgs<N>, 'engine'>): Promise<Reply<N>> => {
  const handler = handlers()[name] as (args: unknown, signal: AbortSignal) => Reply<N> | Promise<Reply<N>>
  return handler({ engine, ...args }, signal)
}

const sleeper = (more: Partial<RunSpec> = {}): RunSpec => ({
  ...emptyRunSpec(busyboxImage),
  command: ['sh', '-c', 'trap "exit 7" TERM; while :; do sleep 0.1; done'],
  ...more,
})

async function run(spec: RunSpec, start = true): Promise<ContainerId> {
  const { id } = await call('containers.run', { spec, start })
  onTestFinished(() =>
    call('containers.remove', { id, force: true, volumes: true }).then(
      () => undefined,
      () => undefined,
    ),
  )
  return id
}
const detail = (id: string): Promise<Reply<'containers.inspect'>> => call('containers.inspect', { id })

/** Until the shell of a `sleeper` has its trap: the first process of a container passes over what it has none for. */
const hearsTerm = (id: string): Promise<void> =>
  expect
    .poll(async () => (await call('containers.top', { id })).rows.map((row) => row.at(-1)), {
      timeout: 20_000,
    })
    .toContain('sleep 0.1')

test('a container goes through its life', async () => {
  const id = await run(sleeper({ name: 'life-1' }))
  expect(await detail(id)).toMatchObject({ running: true, name: 'life-1', paused: false })
  await call('containers.pause', { id })
  expect((await detail(id)).paused).toBe(true)
  await call('containers.resume', { id })
  await call('containers.rename', { id, name: 'life-2' })
  await call('containers.restart', { id })
  expect(await detail(id)).toMatchObject({ running: true, name: 'life-2' })
  await hearsTerm(id)
  await call('containers.stop', { id })
  expect((await detail(id)).ending).toMatchObject({ exitCode: 7, oomKilled: false })
  await call('containers.start', { id })
  await call('containers.kill', { id, signal: 'SIGKILL' })
  await expect.poll(async () => (await detail(id)).ending?.signal, { timeout: 20_000 }).toBe('SIGKILL')
  await call('containers.remove', { id, force: false, volumes: true })
  await expect(detail(id)).rejects.toMatchObject({ code: 'object.not-found' })
})

test('processes and changed files are told', async () => {
  const script = 'echo x > /made; rm /etc/group; exec sleep 1000'
  const id = await run({ ...emptyRunSpec(busyboxImage), command: ['sh', '-c', script] })
  await expect
    .poll(async () => (await call('containers.changes', { id })).changes, { timeout: 20_000 })
    .toEqual(
      expect.arrayContaining([
        { path: '/made', change: 'added' },
        { path: '/etc/group', change: 'deleted' },
      ]),
    )
  const { titles, rows } = await call('containers.top', { id })
  expect(titles).toContain('PID')
  expect(rows.flat().join(' ')).toContain('sleep 1000')
})

const rich =
  `docker run -dit --name rich-1 --restart on-failure:3 --init -u 0:0 -w /tmp --stop-signal SIGINT ` +
  `--stop-timeout 3 --network none -h box --add-host a:1.2.3.4 --dns 1.1.1.1 -e 'A=it'\\''s' -e B= ` +
  `-v rich-vol:/data:ro -v /anon -v /tmp:/host --tmpfs /t:ro,size=1m -m 64m --cpus 0.5 --shm-size 32m ` +
  `--read-only --cap-add NET_ADMIN --cap-drop CHOWN --security-opt no-new-privileges --device /dev/null:/dev/x:r ` +
  `-l a=b -l c --health-cmd 'test -d /' --health-interval 1m30s --health-retries 5 ` +
  `--entrypoint sh ${busyboxImage} -c 'exec sleep 1000'`

test('a container with many options comes back as the spec it was made of', async () => {
  const { spec, problems } = parseDockerRun(rich)
  expect(problems).toEqual([])
  const id = await run(spec)
  onTestFinished(() =>
    client()
      .json({ method: 'DELETE', path: '/volumes/rich-vol' })
      .then(
        () => undefined,
        () => undefined,
      ),
  )
  const { spec: back, flags } = await call('containers.spec', { id })
  expect(flags).toEqual([])
  const sorted = (s: RunSpec): RunSpec => ({
    ...s,
    mounts: [...s.mounts].sort((a, b) => a.target.localeCompare(b.target)),
    labels: [...s.labels].sort((a, b) => a.name.localeCompare(b.name)),
  })
  expect(sorted(back)).toEqual(sorted(spec))
  expect(await detail(id)).toMatchObject({
    limits: { memoryBytes: 64 * 1024 ** 2, cpus: 0.5 },
    restartPolicy: 'on-failure:3',
    readOnlyRoot: true,
    tty: true,
    health: { test: ['CMD-SHELL', 'test -d /'] },
  })
})

test('what is wrong in a spec is said by its field and nothing is made', async () => {
  const spec = sleeper({
    name: 'bad-spec',
    mounts: [{ type: 'bind', source: 'rel', target: '/x', readOnly: false }],
  })
  await expect(run(spec)).rejects.toMatchObject({
    code: 'input.invalid',
    facts: { path: 'mounts.0.source', problem: 'mount.source-relative' },
  })
  await expect(detail('bad-spec')).rejects.toMatchObject({ code: 'object.not-found' })
})

test('a port in use stops the run and leaves no container behind', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const ports = [{ containerPort: 80, hostPort: port, hostIp: '127.0.0.1', protocol: 'tcp' as const }]
  await expect(run(sleeper({ name: 'port-clash', ports }))).rejects.toMatchObject({ code: 'port.in-use' })
  await expect(detail('port-clash')).rejects.toMatchObject({ code: 'object.not-found' })
})

test('a command that is not there is refused and leaves no container behind', async () => {
  const spec = sleeper({ name: 'no-command', command: ['/nowhere'] })
  await expect(run(spec)).rejects.toMatchObject({
    code: expect.stringMatching(/request\.invalid|engine\.failed/) as string,
  })
  await expect(detail('no-command')).rejects.toMatchObject({ code: 'object.not-found' })
})

test('a missing image is pulled and then run; without a pull it is an error', async () => {
  const reference = 'slipway-test/pulled:1'
  const spec = sleeper({ image: reference })
  await expect(run(spec)).rejects.toMatchObject({ code: 'object.not-found' })
  const asked: string[] = []
  const pulls = handlers({
    pull: async (on, wanted) => {
      asked.push(wanted)
      const query = { repo: 'slipway-test/pulled', tag: '1' }
      await on.json({ method: 'POST', path: `/images/${encodeURIComponent(busyboxImage)}/tag`, query })
    },
  })
  onTestFinished(() =>
    client()
      .json({ method: 'DELETE', path: `/images/${encodeURIComponent(reference)}` })
      .then(
        () => undefined,
        () => undefined,
      ),
  )
  const { id } = await pulls['containers.run']({ engine, spec, start: true }, signal)
  await call('containers.remove', { id, force: true, volumes: true })
  expect(asked).toEqual([reference])
})

test('a cancelled run leaves nothing behind', async () => {
  const cancel = new AbortController()
  const aborting = handlers({
    progressOf: () => (progress) => {
      if (progress.note === 'Starting') cancel.abort()
    },
  })
  const spec = sleeper({ name: 'cancelled-run' })
  await expect(
    Promise.resolve(aborting['containers.run']({ engine, spec, start: true }, cancel.signal)),
  ).rejects.toThrow()
  await expect(detail('cancelled-run')).rejects.toMatchObject({ code: 'object.not-found' })
})

test('prune takes just what the plan showed and was not started since', async () => {
  const quick = { ...emptyRunSpec(busyboxImage), command: ['true'] }
  const [stopped, started, other] = [
    await run(quick, false),
    await run(sleeper(), false),
    await run(quick, false),
  ]
  const plan = await call('containers.prunePlan', {})
  expect(plan.entries.map((entry) => entry.id)).toEqual(expect.arrayContaining([stopped, started, other]))
  await call('containers.start', { id: started })
  expect(await call('containers.prune', { ids: [stopped, started, 'f'.repeat(64)] })).toMatchObject({
    removed: 1,
  })
  await expect(detail(stopped)).rejects.toMatchObject({ code: 'object.not-found' })
  expect((await detail(started)).running).toBe(true)
  expect((await detail(other)).running).toBe(false)
})

test('a port names the container that holds it, of any engine', async () => {
  const other = 'other' as EngineId
  const port = await freePort()
  const row = {
    name: 'web',
    ports: [{ protocol: 'tcp', containerPort: 80, hostPort: port, hostIp: '0.0.0.0' }],
  } as unknown as Container
  const rowsOf = ((id: EngineId) => (id === other ? [row] : [])) as ContainerDeps['rowsOf']
  const check = handlers({ rowsOf, engineIds: () => [engine, other] })['ports.check']
  const asked = { engine, port, hostIp: '127.0.0.1', protocol: 'tcp' as const }
  const held = await check(asked, signal)
  expect(held).toMatchObject({ isFree: false, holder: 'container web' })
  expect(held.suggestion).toBeGreaterThan(port)
  expect(await check({ ...asked, protocol: 'udp' }, signal)).toMatchObject({ isFree: true, holder: '' })
})

test('a port names the process that holds it', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const held = await call('ports.check', { port, hostIp: '', protocol: 'tcp' })
  expect(held.holder).toMatch(new RegExp(`^process .+ \\(pid ${process.pid}\\)$`))
  expect(held.suggestion).toBeGreaterThan(port)
  await new Promise((resolve) => server.close(resolve))
  expect(await call('ports.check', { port, hostIp: '', protocol: 'tcp' })).toEqual({
    port,
    isFree: true,
    holder: '',
  })
})

// Core checks as a person types, for days: a descriptor lost with each check would end it.
test.runIf(process.platform === 'linux')('checks of a taken UDP port leave no descriptor open', async () => {
  const holder = createSocket('udp4')
  await new Promise<void>((resolve) => holder.bind(0, '127.0.0.1', resolve))
  onTestFinished(() => void holder.close())
  const asked = { port: holder.address().port, hostIp: '127.0.0.1', protocol: 'udp' as const }
  const open = () => readdirSync('/proc/self/fd').length
  const before = open()
  for (let n = 0; n < 50; n++)
    expect(await call('ports.check', asked)).toMatchObject({ port: asked.port, isFree: false })
  // Not to the one: the engine's client and the test's own runner have theirs.
  expect(open() - before).toBeLessThan(25)
})
