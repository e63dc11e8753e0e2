import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { agentBinary, agentOfVersion } from '../../../../testing/agent/agent-binary'
import { busyboxImage, testImage } from '../../../../testing/engine/images'
import { GuestDocker } from '../../../../testing/vm/guest-docker'
import { RealLab } from '../../../../testing/vm/real-lab'
import { noInput } from '../../../../testing/services/no-input'
import { builtImage } from '../../../../vm-assets/checks/built-image'
import type { AgentState, ContainerId, EngineId, ImageId, MachineId } from '../../../shared/model'
import { waitFor } from '../platform/wait-for'

// The agent as a service of a real machine, in this order: one cold boot and one resume.

const lab = new RealLab()
/** An emulated machine on a busy host. */
const slowMs = 120_000
let machine: MachineId
let engine: EngineId
let docker: GuestDocker
let busy: ContainerId
let binary: ReturnType<typeof agentBinary>

const untilAgent = (is: (state: AgentState) => boolean): Promise<AgentState> =>
  lab.first(
    'agents.watch',
    {},
    {
      check: (states) => states.find((one) => one.engine === engine && is(one.state))?.state,
      ...{ what: 'the agent', timeoutMs: slowMs },
    },
  )
const isRunning = ({ kind }: AgentState): boolean => kind === 'running'
/** What the agent holds open in the machine, as seen by a container that sees all processes. */
const openFiles = (): Promise<string> =>
  docker.sh('onlooker', 'for f in /proc/$(pidof agent)/fd/*; do readlink $f; done')
const firstSample = () =>
  lab.first(
    'stats.watch',
    { refs: [{ engine, id: busy }] },
    { check: ([sample]) => sample, what: 'a sample', timeoutMs: slowMs },
  )

beforeAll(async () => {
  const built = agentBinary()
  // With this agent in it, and the service that starts it.
  await builtImage()
  binary = { ...built, path: join(lab.dir, 'agent') }
  copyFileSync(built.path, binary.path)
  await lab.open({ agentPrograms: () => binary })
  const { settings } = await lab.call('machines.propose', {})
  // Its images in containerd's store: the machines of other tests have overlay2.
  const daemonJson = JSON.stringify({ features: { 'containerd-snapshotter': true } })
  const small = { name: 'agent', memoryMiB: 1024, cpus: 1, diskGiB: 3, startsWithApp: false, daemonJson }
  const made = await lab.call('machines.create', { settings: { ...settings, ...small } })
  machine = made.machine
  engine = machine as string as EngineId
  await lab.call('machines.start', { machine })
  await lab.untilEngine(machine)
  docker = new GuestDocker(lab.core.paths.machine(machine).engineSocket)
  await testImage(docker.socketPath)
  const count = 'i=0; while :; do i=$((i+1)); echo line $i; sleep 0.5; done'
  busy = (await docker.say('run', '-d', '--name', 'busy', busyboxImage, 'sh', '-c', count)) as ContainerId
  const all = ['--privileged', '--pid', 'host', '--stop-signal', 'SIGKILL']
  await docker.say('run', '-d', '--name', 'onlooker', ...all, busyboxImage, 'sleep', '100000')
})
afterAll(async () => {
  await lab.call('machines.stop', { machine, how: 'kill' }).catch(() => undefined)
  await lab.close()
  lab.remove()
})

test('the machine’s own agent serves without a question, in the version of this core', async () => {
  expect(await untilAgent(isRunning)).toMatchObject({ road: 'machine', version: binary.version })
  expect((await docker.say('ps', '-a', '--format', '{{.Names}}')).split('\n').sort()).toEqual([
    'busy',
    'onlooker',
  ])
  const { rssBytes } = await lab.call('agents.cost', { engine })
  expect(rssBytes).toBeLessThan(24 * 1024 * 1024)
})

test('stats of a container come through it: it holds the container’s files while they are watched', async () => {
  const isOpen = async (): Promise<boolean> => (await openFiles()).includes(`/${busy}/cpu.stat`)
  const seen = new AbortController()
  const feed = lab.core.handlers['stats.watch'](
    { refs: [{ engine, id: busy }] },
    { signal: seen.signal, input: noInput() },
  )
  const samples: number[] = []
  for await (const batch of feed) {
    samples.push(...batch.map(({ memoryBytes }) => memoryBytes))
    if (samples.length < 2) continue
    expect(await isOpen()).toBe(true)
    break
  }
  seen.abort()
  expect(Math.min(...samples)).toBeGreaterThan(0)
  await waitFor(async () => !(await isOpen()), { timeoutMs: slowMs, what: 'files that are closed' })
})

test('what a container waits for comes from the kernel', async () => {
  const [limit, spin] = [['--cpus', '0.1'], 'while :; do :; done']
  const id = (await docker.say('run', '-d', ...limit, busyboxImage, 'sh', '-c', spin)) as ContainerId
  const cpuPercent = await lab.first(
    'stats.watch',
    { refs: [{ engine, id }] },
    {
      check: ([sample]) => (sample?.pressure?.cpuPercent ? sample.pressure.cpuPercent : undefined),
      ...{ what: 'a wait for the processor', timeoutMs: slowMs },
    },
  )
  expect(cpuPercent).toBeLessThanOrEqual(100)
  await docker.say('rm', '-f', id)
})

test('logs come through it, and are what the engine tells', async () => {
  const said = await docker.say('logs', '--tail', '5', 'busy')
  const texts: string[] = []
  const end = new AbortController()
  const feed = lab.core.handlers['containers.logs'](
    { engine, id: busy, tail: 1000, follow: true, timestamps: false },
    { signal: end.signal, input: noInput() },
  )
  for await (const item of feed) {
    if (item.kind === 'lines') texts.push(...item.lines)
    if (!texts.includes(said.split('\n')[4] ?? '')) continue
    expect(await openFiles()).toContain(`/containers/${busy}/`)
    break
  }
  end.abort()
  expect(texts.join('\n')).toContain(said)
})

test('layers of an image that containerd keeps come through it', async () => {
  await docker.say('run', '--name', 'changed', busyboxImage, 'sh', '-c', 'echo new > /new; rm /bin/cal')
  const image = (await docker.say('commit', 'changed', 'changed:1')) as ImageId
  const { road, layers } = await lab.first(
    'layers.read',
    { engine, id: image },
    {
      check: (item) => (item.kind === 'ready' ? item.summary : undefined),
      ...{ what: 'the layers', timeoutMs: slowMs },
    },
  )
  expect(road).toBe('agent')
  expect(layers.at(-1)).toMatchObject({ added: 1, removed: 1, sizeBytes: 4 })
  await docker.say('rm', 'changed')
  await docker.say('rmi', 'changed:1')
})

test('the machine, its disk and its engine’s log are told by it', async () => {
  const reading = await lab.first('host.watch', { engine }, { check: (item) => item, what: 'a reading' })
  expect(reading.disks[0]?.totalBytes).toBeGreaterThan(1024 ** 3)
  const { lines } = await lab.call('host.log', { engine, lines: 2000 })
  expect(lines.join('\n')).toContain('API listen on /run/docker.sock')
  const report = await lab.first(
    'host.disk',
    { engine, isFresh: true },
    {
      check: (item) => (item.kind === 'report' ? item.report : undefined),
      what: 'a report',
      timeoutMs: slowMs,
    },
  )
  expect(report).toMatchObject({ road: 'agent', areLayersMeasured: true })
  expect(report.entries.find(({ id }) => id === busy)?.logBytes).toBeGreaterThan(0)
  const { ports } = await lab.call('host.ports', { engine })
  expect(ports.map(({ port, process: name }) => `${port} ${name}`)).toContain('22 sshd')
})

test('nothing listens in the machine but SSH', async () => {
  const listed = await docker.sh('onlooker', 'cat /proc/1/net/tcp /proc/1/net/tcp6 /proc/1/net/udp')
  const ports = listed.split('\n').flatMap((line) => / *\d+: \w+:(\w{4}) \S+ 0[A7] /.exec(line)?.[1] ?? [])
  expect([...new Set(ports)]).toEqual(['0016'])
  const mode = await docker.sh('onlooker', 'stat -c "%a %u" /proc/1/root/run/slipway/agent.sock')
  expect(mode).toBe('600 0')
})

test('killed, it is started again', async () => {
  const before = await lab.call('agents.cost', { engine })
  // Watched before: it may be up again when the kill is answered.
  const ended = untilAgent((state) => !isRunning(state))
  await docker.sh('onlooker', `kill -9 ${before.pid}`)
  await ended
  await untilAgent(isRunning)
  const after = await lab.call('agents.cost', { engine })
  expect(after.pid).not.toBe(before.pid)
  expect((await firstSample()).memoryBytes).toBeGreaterThan(0)
})

test('after a suspend and a resume it goes on', async () => {
  const { pid } = await lab.call('agents.cost', { engine })
  await lab.call('machines.stop', { machine, how: 'suspend' })
  await lab.call('machines.start', { machine })
  await lab.untilEngine(machine)
  await untilAgent(isRunning)
  expect((await lab.call('agents.cost', { engine })).pid).toBe(pid)
  expect((await firstSample()).memoryBytes).toBeGreaterThan(0)
})

test('a machine that is older than core gets core’s agent', async () => {
  const other = agentOfVersion('newer', join(lab.dir, 'newer-agent'))
  await lab.close()
  await lab.open({ agentPrograms: () => other })
  await lab.call('machines.start', { machine })
  await lab.untilEngine(machine)
  expect(await untilAgent(isRunning)).toMatchObject({ road: 'machine', version: 'newer' })
  expect((await firstSample()).memoryBytes).toBeGreaterThan(0)
})
