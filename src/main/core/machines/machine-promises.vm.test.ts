import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { busyboxImage, testImage } from '../../../../testing/engine/images'
import { freePort } from '../../../../testing/ports/free-port'
import { plantCanaries, treeState } from '../../../../testing/vm/canary-tree'
import { GuestDocker } from '../../../../testing/vm/guest-docker'
import { askUdp, listenersOf, type Listener } from '../../../../testing/vm/host-ports'
import { request, sshThrough, textFrame, upgrade } from '../../../../testing/vm/knock'
import { RealLab } from '../../../../testing/vm/real-lab'
import { refusedCloseCode } from '../../../shared/contract/web-socket-transport'
import type { MachineId, MachineSettings } from '../../../shared/model'
import { startWindowServer, type WindowServer } from '../../serve/server'
import { run } from '../platform/child'
import { waitFor } from '../platform/wait-for'

// What a machine promises to its person, on a real one, in this order: it is booted three times and cloned once.

const lab = new RealLab()
const canaries = join(lab.dir, 'home', 'precious')
const beside = join(lab.dir, 'home', 'beside')
const work = join(lab.dir, 'home', 'work')
/** Containers of the three kinds that scan the host. */
const kinds = ['plain', 'host-network', 'privileged'] as const
const gateway = '10.0.2.2'
const mib = 1024 ** 2

let machine: MachineId
let docker: GuestDocker
let serve: WindowServer
let before: readonly string[] = []
let udpPort = 0
let tcpPort = 0
let ssh = 0

const diskBytes = (): number => statSync(lab.core.paths.machine(machine).disk).blocks * 512
const untouched = (): void => expect(treeState(canaries, beside)).toEqual(before)
const ours = (): Promise<Listener[]> => listenersOf([process.pid, lab.pidOf(machine)])
const labels = (): Promise<string> => docker.say('info', '-f', '{{json .Labels}}')

const create = (settings: Partial<MachineSettings>): Promise<MachineId> => lab.create(settings)
const start = async (id: MachineId): Promise<GuestDocker> => new GuestDocker(await lab.start(id))

/** The port of the host that leads to the machine's SSH: the one that greets so, seen from inside. */
async function sshPort(): Promise<number> {
  const forwards = (await listenersOf([lab.pidOf(machine)])).filter(({ protocol }) => protocol === 'tcp')
  for (const { port } of forwards) {
    const bytes = await docker.ask('plain', { host: gateway, port, bytes: Buffer.alloc(0), waitS: 2 })
    if (bytes.toString('latin1').startsWith('SSH-2.0-')) return port
  }
  throw new Error('no way to SSH was found')
}

beforeAll(async () => {
  plantCanaries(canaries, beside)
  mkdirSync(join(work, 'app'), { recursive: true })
  copyFileSync((await run('which', ['busybox'])).stdout.trim(), join(work, 'app', 'echo'))
  before = treeState(canaries, beside)
  await lab.open()
  serve = await startWindowServer({
    ...{ host: '127.0.0.1', port: 0, rendererDir: join(lab.dir, 'none') },
    accept: (transport) => lab.core.accept(transport),
  })
  machine = await create({
    name: 'promise',
    shares: [canaries, work].map((path) => ({ path, isReadOnly: false })),
  })
  docker = await start(machine)
  await testImage(docker.socketPath)
  ;[udpPort, tcpPort] = [await freePort(), await freePort()]
  // The machine's own socat: busybox has no server for UDP.
  const echo =
    'ln -s usr/lib /lib; ln -s usr/lib64 /lib64; exec /usr/bin/socat UDP4-RECVFROM:53,fork EXEC:/bin/cat'
  const plain = ['-v', '/usr:/usr:ro', '-p', `${udpPort}:53/udp`, '-p', `127.0.0.1:${tcpPort}:80`]
  await docker.say('run', '-d', '--name', 'plain', ...plain, busyboxImage, 'sh', '-c', echo)
  // A `tail` that is asked to end does not: the engine would wait for it at each of its own ends.
  const quick = ['--stop-signal', 'SIGKILL', '-v', `${canaries}:/precious`]
  const stay = [...quick, busyboxImage, 'tail', '-f', '/precious/read-only.txt']
  await docker.say('run', '-d', '--name', 'host-network', '--network', 'host', ...stay)
  const all = ['--privileged', '--network', 'host', '--pid', 'host']
  await docker.say('run', '-d', '--name', 'privileged', ...all, ...stay)
  ssh = await sshPort()
})
afterAll(async () => {
  await serve.close()
  for (const { id } of await lab.first('machines.watch', {}, { check: (list) => list, what: 'machines' }))
    await lab.call('machines.stop', { machine: id, how: 'kill' }).catch(() => undefined)
  await lab.close()
  lab.remove()
})

test('a UDP port that a container publishes answers on the host', async () => {
  const answer = await waitFor(() => askUdp(udpPort, 'over the sea'), {
    timeoutMs: 60_000,
    what: 'a datagram',
  })
  expect(answer).toBe('over the sea')
})

test('host.docker.internal leads to a server on the host, in all kinds of containers', async () => {
  const server = createServer((_, response) => response.end('hello from the host'))
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve))
  const { port } = server.address() as AddressInfo
  const ask = `printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 20 host.docker.internal ${port}`
  await docker.say('network', 'create', 'own')
  try {
    for (const flags of [[], ['--network', 'own'], ['--network', 'host'], ['--read-only', '--user', '1000']])
      expect(await docker.say('run', '--rm', ...flags, busyboxImage, 'sh', '-c', ask)).toContain(
        'hello from the host',
      )
  } finally {
    server.close()
    await docker.say('network', 'rm', 'own')
  }
})

test('host.docker.internal is named once, and not where a person says otherwise', async () => {
  const names = (id: string): Promise<string> =>
    docker.say('exec', id, 'grep', '-h', 'host.docker.internal', '/etc/hosts')
  await docker.say('restart', '--time', '0', 'plain')
  expect(await names('plain')).toBe(`${gateway} host.docker.internal`)
  const own = ['--add-host', 'host.docker.internal:192.0.2.1']
  const show = ['cat', '/etc/hosts']
  const said = await docker.say('run', '--rm', ...own, busyboxImage, ...show)
  expect(said.split('\n').filter((line) => line.includes('host.docker.internal'))).toEqual([
    '192.0.2.1\thost.docker.internal',
  ])
  const theirs = join(work, 'hosts')
  writeFileSync(theirs, '127.0.0.1 localhost\n')
  const mounted = await docker.say('run', '--rm', '-v', `${theirs}:/etc/hosts`, busyboxImage, ...show)
  expect(mounted).toBe('127.0.0.1 localhost')
  expect(readFileSync(theirs, 'utf8')).toBe('127.0.0.1 localhost\n')
})

test('programs in a shared folder run, and a relative path is the one of the host', async () => {
  const said = await docker.in(
    { cwd: work },
    ...['run', '--rm', '-v', './app:/app', '-w', '/app', busyboxImage],
    ...['sh', '-c', './echo made inside | tee made.txt'],
  )
  expect(said).toBe('made inside')
  expect(readFileSync(join(work, 'app', 'made.txt'), 'utf8')).toBe('made inside\n')
  const program = join(work, 'app', 'echo')
  expect(await docker.say('run', '--rm', '-v', `${work}:${work}`, busyboxImage, program, 'same path')).toBe(
    'same path',
  )
})

test('nothing of ours listens but serve, the way to SSH and what is published', async () => {
  const seen = (await ours()).filter(({ protocol }) => protocol === 'tcp')
  const wanted = [serve.port, ssh, tcpPort].map((port) => `127.0.0.1:${port}`)
  expect(seen.map(({ address, port }) => `${address}:${port}`).sort()).toEqual(wanted.sort())
  const udp = (await ours()).filter(({ protocol }) => protocol === 'udp')
  expect(udp.filter(({ pid }) => pid === process.pid)).toEqual([])
  expect(udp.map(({ port }) => port)).toContain(udpPort)
  // Inside: SSH, and the published ports.
  const open = (file: string, state: string): string =>
    `awk '$4 == "${state}" { split($2, a, ":"); print a[2] }' /proc/net/${file} /proc/net/${file}6`
  const portsIn = async (command: string): Promise<number[]> =>
    [
      ...new Set(
        (await docker.sh('host-network', command)).split('\n').map((hex) => Number.parseInt(hex, 16)),
      ),
    ].toSorted((a, b) => a - b)
  expect(await portsIn(open('tcp', '0A'))).toEqual([22, tcpPort])
  expect(await portsIn(open('udp', '07'))).toEqual([udpPort])
  expect(await docker.sh('host-network', `awk '$4 == "00010000" && $8 ~ /^@/' /proc/net/unix`)).toBe('')
})

test.each(kinds)('a %s container finds no door that opens without a key or a token', async (kind) => {
  const doors = [serve.port, ssh, tcpPort]
  // Where engines, shares, port mappers and monitors usually are.
  const usual = [111, 2049, 2375, 2376, 4444, 5900, 20_048]
  const inside = await docker.scan(kind, ['127.0.0.1', '172.17.0.1', '10.0.2.15'], [22, ...doors, ...usual])
  const isOurs = new Set([22, tcpPort])
  expect(inside.filter((each) => !isOurs.has(Number(each.split(':')[1])))).toEqual([])
  const reached = await docker.scan(kind, [gateway], doors)
  expect(reached).toEqual(doors.map((port) => `${gateway}:${port}`).sort())
  expect(await sshThrough(docker, kind, { host: gateway, port: ssh })).toContain(
    'Permission denied (publickey).',
  )
  const ask = async (bytes: Buffer): Promise<string> =>
    (await docker.ask(kind, { host: gateway, port: serve.port, bytes })).toString('latin1')
  const own = `127.0.0.1:${serve.port}`
  const page = { ...upgrade, origin: `http://${own}` }
  const [foreign, ticket, noPage, ...hellos] = await Promise.all([
    ask(request('GET /', gateway)),
    ask(request('GET /download/aaaaaaaaaaaaaaaaaaaaaa', own)),
    ask(request('GET /ws', own, upgrade)),
    ask(Buffer.concat([request('GET /ws', own, page), textFrame('{"t":"hello","token":"guess"}')])),
    ask(Buffer.concat([request('GET /ws', own, page), textFrame('{"t":"call","name":"app.info"}')])),
  ])
  expect([foreign, ticket, noPage].map((answer) => answer.slice(0, 12))).toEqual([
    'HTTP/1.1 421',
    'HTTP/1.1 404',
    'HTTP/1.1 403',
  ])
  for (const answer of hellos) {
    expect(answer).toMatch(/^HTTP\/1\.1 101 /)
    const frames = Buffer.from(answer.slice(answer.indexOf('\r\n\r\n') + 4), 'latin1')
    // The one frame is the close.
    expect([frames[0], frames.readUInt16BE(2)]).toEqual([0x88, refusedCloseCode])
  }
})

test('not even who owns the whole machine finds a device that leads out of it', async () => {
  const ids = await docker.sh('privileged', 'cat /sys/bus/virtio/devices/*/device')
  // Network, disk, randomness, balloon: no console port (3), no 9p (9), no vsock (19), no virtiofs (26).
  expect([...new Set(ids.split('\n').map(Number))].filter((id) => ![1, 2, 4, 5].includes(id))).toEqual([])
  const sockets = await docker.sh('privileged', 'cat /proc/1/net/unix')
  for (const name of ['qmp', 'core.sock', lab.core.paths.machine(machine).run])
    expect(sockets).not.toContain(name)
})

test('a daemon.json that is wrong is refused in words, and the engine runs on', async () => {
  const daemonJson = '{"no-such-key": true}'
  const { problems } = await lab.call('machines.checkDaemonJson', { machine, daemonJson })
  expect(problems.join(' ')).toContain('no-such-key')
  const refused = await lab
    .call('machines.edit', { machine, settings: { daemonJson } })
    .catch((e: unknown) => e)
  expect(refused).toMatchObject({
    code: 'machine.daemon-json',
    facts: { detail: expect.stringContaining('no-such-key') as string },
  })
  expect((await lab.machine(machine)).settings.daemonJson).toBe('{}')
  expect(await docker.say('ps', '-q', '--filter', 'name=plain')).not.toBe('')
})

test('a right one counts at once; one that only fails at the start is taken back', async () => {
  const good = '{"labels": ["promise=kept"]}'
  expect(await lab.call('machines.edit', { machine, settings: { daemonJson: good } })).toEqual({
    needsRestart: false,
  })
  await lab.untilEngine(machine)
  expect(await labels()).toContain('promise=kept')
  const daemonJson = '{"labels": ["promise=broken"], "storage-driver": "btrfs"}'
  expect((await lab.call('machines.checkDaemonJson', { machine, daemonJson })).problems).toEqual([])
  const refused = await lab
    .call('machines.edit', { machine, settings: { daemonJson } })
    .catch((e: unknown) => e)
  expect(refused).toMatchObject({
    code: 'machine.daemon-json',
    facts: { detail: expect.stringMatching(/btrfs|driver/) as string },
  })
  expect(await labels()).toContain('promise=kept')
  expect((await lab.machine(machine)).settings.daemonJson).toBe(good)
})

test('what is deleted inside is given back to the host', async () => {
  await lab.call('machines.trim', { machine })
  const empty = diskBytes()
  // Noise: zeros take no room on the host anyway.
  const write =
    'set -e; dd if=/dev/urandom of=/a bs=1M count=30; for i in 1 2 3 4 5 6 7 8 9; do cat /a; done >/b; sync'
  await docker.say('run', '--name', 'big', busyboxImage, 'sh', '-c', write)
  const full = diskBytes()
  expect(full - empty).toBeGreaterThan(290 * mib)
  await docker.say('rm', 'big')
  const { freedBytes } = await lab.call('machines.trim', { machine })
  expect(freedBytes).toBeGreaterThan(270 * mib)
  const isBack = (): boolean => (full - diskBytes()) / (full - empty) > 0.9
  await waitFor(isBack, { timeoutMs: 60_000, what: 'nine tenths of it on the host' })
})

test('a snapshot brings back what was there, whatever came after it', async () => {
  await note('before')
  await lab.call('machines.stop', { machine, how: 'shutdown' })
  untouched()
  await lab.call('machines.snapshot', { machine, name: 'good day' })
  docker = await start(machine)
  await note('after')
  await lab.call('machines.stop', { machine, how: 'kill' })
  untouched()
  await lab.call('machines.restoreSnapshot', { machine, name: 'good day' })
  docker = await start(machine)
  expect(await docker.say('run', '--rm', '-v', 'notes:/notes', busyboxImage, 'cat', '/notes/day')).toBe(
    'before',
  )
})

test('a clone has the same and runs beside the first', async () => {
  await lab.call('machines.stop', { machine, how: 'shutdown' })
  const { machine: clone } = await lab.call('machines.clone', { machine, name: 'second' })
  const both = await Promise.all([start(machine), start(clone)])
  const ports = await Promise.all(both.map((each) => published(each)))
  expect(ports[0]).not.toBe(ports[1])
  for (const port of ports) {
    const got = await waitFor(() => fetchText(`http://127.0.0.1:${port}/day`), {
      timeoutMs: 60_000,
      what: 'the note',
    })
    expect(got).toBe('before\n')
  }
  await lab.call('machines.stop', { machine, how: 'kill' })
  await lab.call('machines.reset', { machine: clone, typedName: 'second' })
  untouched()
  await lab.call('machines.remove', { machine: clone, typedName: 'second' })
})

test('a machine that is deleted takes its own and nothing of the host', async () => {
  const { dir, run: runDir } = lab.core.paths.machine(machine)
  await lab.call('machines.remove', { machine, typedName: 'promise' })
  expect([existsSync(dir), existsSync(runDir)]).toEqual([false, false])
  expect(readdirSync(lab.core.paths.machines)).not.toContain(machine)
  untouched()
})

const note = (day: string): Promise<string> =>
  docker.say('run', '--rm', '-v', 'notes:/notes', busyboxImage, 'sh', '-c', `echo ${day} >/notes/day; sync`)

async function published(engine: GuestDocker): Promise<number> {
  const port = await freePort()
  const options = ['-p', `${port}:80`, '-v', 'notes:/notes']
  await engine.say('run', '-d', '--name', 'web', ...options, busyboxImage, 'httpd', '-f', '-h', '/notes')
  return port
}

const fetchText = (url: string): Promise<string | undefined> =>
  fetch(url, { signal: AbortSignal.timeout(5000) }).then(
    (answer) => answer.text(),
    () => undefined,
  )
