import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { busyboxImage, testImage } from '../../../../testing/engine/images'
import { startRegistry } from '../../../../testing/engine/registry'
import { freePort } from '../../../../testing/ports/free-port'
import { Authority, type Certificate } from '../../../../testing/tls/certificates'
import { startTlsFront } from '../../../../testing/tls/tls-front'
import { buildFileWatcher } from '../../../../testing/vm/build-file-watcher'
import { configWithPlugins } from '../../../../testing/vm/docker-plugins'
import { GuestDocker } from '../../../../testing/vm/guest-docker'
import { isOpen } from '../../../../testing/vm/host-ports'
import { RealLab } from '../../../../testing/vm/real-lab'
import type { MachineId } from '../../../shared/model'
import { waitFor } from '../platform/wait-for'

// What a running machine and its host are to each other, on a real one that is booted once: the host's own tools at
// its socket, its ports, folders in use, whom it trusts, and its clock.

const lab = new RealLab()
const work = join(lab.dir, 'home', 'work')
/** The host, as the machine sees it. */
const gateway = '10.0.2.2'
const loopbacks = ['127.0.0.1', '::1'] as const
const patience = { timeoutMs: 60_000, everyMs: 250 }

let machine: MachineId
let docker: GuestDocker
/** The host's, in which `docker` finds compose and buildx. */
let env: NodeJS.ProcessEnv
let certificate: Certificate

/** A new folder of the host that the machine sees. */
function folder(name: string): string {
  const dir = join(work, name)
  mkdirSync(dir)
  return dir
}
const runs = (...args: readonly string[]): Promise<string> =>
  docker.say('run', '-d', '--stop-signal', 'SIGKILL', ...args)
const ask = (host: string, port: number, path: string): Promise<string | undefined> =>
  fetch(`http://${host.includes(':') ? `[${host}]` : host}:${port}/${path}`, {
    signal: AbortSignal.timeout(5000),
  }).then(
    (answer) => answer.text(),
    () => undefined,
  )
const untilClosed = (port: number): Promise<boolean> =>
  waitFor(async () => !(await Promise.all(loopbacks.map((host) => isOpen(host, port)))).includes(true), {
    ...{ ...patience, what: 'the port to be closed' },
  })

beforeAll(async () => {
  mkdirSync(work, { recursive: true })
  // Long before it is used: a machine whose clock is a second late would find it not yet valid.
  certificate = await (await Authority.make(lab.dir, 'authority')).issue('registry', gateway)
  await lab.open()
  machine = await lab.create({ name: 'beside', shares: [{ path: work, isReadOnly: false }] })
  docker = new GuestDocker(await lab.start(machine))
  await testImage(docker.socketPath)
  env = { ...process.env, DOCKER_CONFIG: await configWithPlugins(join(lab.dir, 'docker')) }
})
afterAll(async () => {
  await lab.call('machines.stop', { machine, how: 'kill' }).catch(() => undefined)
  await lab.close()
  lab.remove()
})

const projectFile = (port: number): string => `
services:
  web:
    image: ${busyboxImage}
    command: httpd -f -h /app
    ports: ['${port}:80']
    volumes: ['./app:/app', 'kept:/kept']
    stop_signal: SIGKILL
  reader:
    image: ${busyboxImage}
    command: sh -c 'until wget -qO /kept/seen http://web/page; do sleep 1; done; exec tail -f /dev/null'
    volumes: ['kept:/kept']
    depends_on: [web]
    stop_signal: SIGKILL
volumes:
  kept: {}
`

test("the host's compose runs a project: a relative folder, a port, a volume, services by their names", async () => {
  const cwd = folder('project')
  const page = join(cwd, 'app', 'page')
  mkdirSync(join(cwd, 'app'))
  writeFileSync(page, 'as the host wrote it\n')
  const port = await freePort()
  writeFileSync(join(cwd, 'compose.yaml'), projectFile(port))
  const compose = (...args: readonly string[]): Promise<string> => docker.in({ cwd, env }, 'compose', ...args)
  await compose('up', '-d')
  const answers = (text: string): Promise<boolean> =>
    waitFor(async () => (await ask('127.0.0.1', port, 'page')) === text, { ...patience, what: text })
  await answers('as the host wrote it\n')
  writeFileSync(page, 'as the host changed it\n')
  await answers('as the host changed it\n')
  const seen = (): Promise<string> => compose('exec', '-T', 'web', 'cat', '/kept/seen').catch(() => '')
  await waitFor(async () => (await seen()).startsWith('as the host'), {
    ...patience,
    what: 'the other service',
  })
  await compose('down', '--volumes')
  await untilClosed(port)
  const label = ['--filter', 'label=com.docker.compose.project=project']
  for (const list of [
    ['ps', '-a'],
    ['volume', 'ls'],
    ['network', 'ls'],
  ])
    expect(await docker.say(...list, '-q', ...label)).toBe('')
  expect(readFileSync(page, 'utf8')).toBe('as the host changed it\n')
})

test("the host's buildx builds from a folder of the host, and what it built runs", async () => {
  const cwd = folder('build')
  writeFileSync(join(cwd, 'words'), 'from the host\n')
  const lines = [`FROM ${busyboxImage}`, 'COPY words /words', 'RUN cat /words >/built && echo built >>/built']
  writeFileSync(join(cwd, 'Dockerfile'), `${lines.join('\n')}\n`)
  await docker.in({ cwd, env }, 'buildx', 'build', '-t', 'slipway-test/built', '.')
  expect(await docker.say('run', '--rm', 'slipway-test/built', 'cat', '/built')).toBe('from the host\nbuilt')
})

test('a published port is on both loopbacks of the host, and gone with its container', async () => {
  const port = await freePort()
  await runs('--name', 'web', '-p', `${port}:80`, busyboxImage, 'httpd', '-f', '-h', '/etc')
  for (const host of loopbacks)
    await waitFor(async () => (await ask(host, port, 'group'))?.startsWith('root:'), {
      ...patience,
      what: host,
    })
  await docker.say('stop', 'web')
  await untilClosed(port)
  await docker.say('start', 'web')
  await waitFor(async () => (await ask('::1', port, 'group')) !== undefined, {
    ...patience,
    what: 'its return',
  })
  await docker.say('rm', '-f', 'web')
  await untilClosed(port)
})

test('a watcher in a container is told of files that the host changes, creates and removes', async () => {
  const [tools, dir] = [folder('tools'), folder('watched')]
  await buildFileWatcher(join(tools, 'watcher'))
  writeFileSync(join(dir, 'old'), '0\n')
  const mounts = ['-v', `${tools}:/tools:ro`, '-v', `${dir}:/watched`]
  await runs('--name', 'watcher', ...mounts, busyboxImage, '/tools/watcher', '/watched')
  const isTold = async (line: string): Promise<boolean> =>
    (await docker.say('logs', 'watcher')).split('\n').includes(line)
  let n = 0
  // The host's folder is watched once the container is known: until then a change may pass unseen.
  const change = async (): Promise<boolean> => {
    writeFileSync(join(dir, 'old'), `${++n}\n`)
    return isTold('modified old')
  }
  await waitFor(change, { ...patience, everyMs: 1000, what: 'a change' })
  writeFileSync(join(dir, 'new'), 'here\n')
  await waitFor(() => isTold('modified new'), { ...patience, what: 'a new file' })
  expect(await docker.sh('watcher', 'cat /watched/new')).toBe('here')
  expect(await isTold('modified .')).toBe(false)
  rmSync(join(dir, 'new'))
  // Of what went, the folder that it went from is told.
  await waitFor(() => isTold('modified .'), { ...patience, what: 'a removal' })
  expect(await docker.sh('watcher', 'ls /watched')).toBe('old')
  // All of it was told, and nothing of it was done: the host's file is as the host left it.
  expect(readFileSync(join(dir, 'old'), 'utf8')).toBe(`${n}\n`)
  expect(Math.abs(statSync(dir).mtimeMs - Date.now())).toBeLessThan(3_600_000)
  await docker.say('rm', '-f', 'watcher')
})

test('suspended with a folder in use, its container goes on with the files that it had open', async () => {
  const dir = folder('in-use')
  const [orders, diary] = [join(dir, 'orders'), join(dir, 'diary')]
  writeFileSync(orders, '')
  const loop =
    'exec 3>>/in-use/diary 4</in-use/orders; i=0; while :; do i=$((i+1)); echo $i >&3; ' +
    'if read -r word <&4; then echo heard $word >&3; fi; sleep 0.2; done'
  await runs('--name', 'writer', '-v', `${dir}:/in-use`, busyboxImage, 'sh', '-c', loop)
  const counts = (): string[] => readFileSync(diary, 'utf8').split('\n').slice(0, -1)
  const hears = async (word: string): Promise<void> => {
    writeFileSync(orders, `${word}\n`, { flag: 'a' })
    await waitFor(() => counts().includes(`heard ${word}`), { ...patience, what: `the word ${word}` })
  }
  /** Its start, and of the program in it the start (in ticks) and the open files. */
  const identity = async (): Promise<string[]> => [
    await docker.say('inspect', '-f', '{{.Id}} {{.State.StartedAt}} {{.State.Pid}}', 'writer'),
    await docker.sh('writer', "cut -d' ' -f1,22 /proc/1/stat; readlink /proc/1/fd/3; readlink /proc/1/fd/4"),
  ]
  await hears('before')
  const before = await identity()
  await lab.call('machines.stop', { machine, how: 'suspend' })
  expect((await lab.machine(machine)).state).toMatchObject({ kind: 'stopped', isSuspended: true })
  const asleep = readFileSync(diary, 'utf8')
  await lab.start(machine)
  expect((await lab.machine(machine)).boots[0]).toMatchObject({ way: 'resume', outcome: 'running' })
  await hears('after')
  expect(await identity()).toEqual(before)
  expect(readFileSync(diary, 'utf8').startsWith(asleep)).toBe(true)
  // Not one of its lines was lost or written twice.
  const numbers = counts().filter((line) => !line.startsWith('heard'))
  expect(numbers).toEqual(numbers.map((_, index) => String(index + 1)))
  await docker.say('rm', '-f', 'writer')
})

test('a registry with a certificate of its own is refused, and trusted once its authority is named', async () => {
  const registry = await startRegistry()
  onTestFinished(() => registry.stop())
  const front = await startTlsFront(registry.host, certificate)
  onTestFinished(() => front.stop())
  const image = `${gateway}:${front.port}/kept/busybox:1`
  await docker.say('tag', busyboxImage, image)
  const refused = await docker.try({}, 'push', image)
  expect(refused.code).toBe(1)
  expect(refused.stderr + refused.stdout).toContain('certificate signed by unknown authority')
  const trust = (caFiles: string[]): Promise<unknown> =>
    lab.call('machines.edit', { machine, settings: { caFiles } })
  expect(await trust([certificate.ca])).toEqual({ needsRestart: false })
  await lab.untilEngine(machine)
  await docker.say('push', image)
  await docker.say('rmi', image)
  await docker.say('pull', image)
  await trust([])
  await lab.untilEngine(machine)
  const again = await docker.try({}, 'pull', image)
  expect(again.stderr + again.stdout).toContain('certificate signed by unknown authority')
})

test('a machine that stood still has the right clock again', async () => {
  const pid = lab.pidOf(machine)
  await runs('--name', 'clock', '--privileged', busyboxImage, 'tail', '-f', '/dev/null')
  const offS = async (): Promise<number> => {
    const earliestS = Math.floor(Date.now() / 1000)
    const guestS = Number(await docker.sh('clock', 'date +%s'))
    if (guestS < earliestS) return earliestS - guestS
    return Math.max(0, guestS - Date.now() / 1000)
  }
  // As far off as after a night's sleep of the host: the time that it stands here may pass inside as well.
  const hourAgoS = Math.floor(Date.now() / 1000) - 3600
  await docker.sh('clock', `date -s @${hourAgoS}`)
  expect(await offS()).toBeGreaterThan(3000)
  process.kill(pid, 'SIGSTOP')
  onTestFinished(() => void process.kill(pid, 'SIGCONT'))
  await lab.untilState(machine, 'degraded')
  process.kill(pid, 'SIGCONT')
  await lab.untilState(machine, 'running')
  await waitFor(async () => (await offS()) < 2, { ...patience, what: 'the right clock' })
  await docker.say('rm', '-f', 'clock')
})
