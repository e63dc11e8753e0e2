import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { busyboxImage, testImage } from '../../../../../testing/engine/images'
import { isCode } from '../../../../shared/errors'
import { run } from '../../platform/child'
import { pathsOf } from '../../platform/paths'
import { pause } from '../../platform/wait-for'
import { containerdSocket, ping } from './engine-process'
import { listProcesses, namesFolder } from './leftovers'
import { PrivateEngine } from './private-engine'

async function freshEngine() {
  const dir = await mkdtemp('/tmp/sle-')
  const paths = pathsOf(dir).engine
  const engine = new PrivateEngine(paths)
  onTestFinished(async () => {
    await engine.stop()
    await rm(dir, { recursive: true, force: true })
  })
  return { dir, paths, engine }
}

const docker = async (socket: string, ...args: string[]): Promise<string> => {
  const ran = await run('docker', ['--host', `unix://${socket}`, ...args])
  if (ran.code !== 0) throw new Error(ran.stderr)
  return ran.stdout.trim()
}
const tables = async (): Promise<string> => (await run('iptables-save', [])).stdout

/** The rules of everyone but engines like ours: others of those may come and go while this test runs. */
const foreign = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !line.includes('SLIPWAY-') && !line.startsWith('#'))
    .map((line) => line.replace(/\[\d+:\d+\]/, ''))
    .join('\n')
/** Engines like ours may come and go beside this one. */
const bridges = async (): Promise<string[]> =>
  (await run('ip', ['-br', 'link', 'show', 'type', 'bridge'])).stdout
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '')
    .filter((name) => name.startsWith('slipway'))
const ownChains = (text: string): Set<string> => new Set(text.match(/SLIPWAY-[\w-]+/g))

test('it starts, publishes a port, keeps networks apart, and stops without a trace', async () => {
  const [before, bridgesBefore] = [await tables(), await bridges()]
  const { dir, paths, engine } = await freshEngine()
  const stages: string[] = []
  engine.onChanged((state) =>
    stages.push(state?.kind === 'starting' ? state.stage : (state?.kind ?? 'running')),
  )
  await engine.start()
  const addedBridges = (await bridges()).filter((name) => !bridgesBefore.includes(name))
  const added = [...ownChains(await tables())].filter((chain) => !ownChains(before).has(chain))
  expect(added.length).toBeGreaterThan(0)
  expect(stages).toEqual(['clearing', 'clearing', 'network', 'containerd', 'dockerd', 'running'])
  expect((await stat(paths.socket)).mode & 0o777).toBe(0o600)
  await testImage(paths.socket)
  const serve = 'printf hello > /tmp/index.html; httpd -f -p 80 -h /tmp'
  const web = ['run', '-d', '--name', 'web', '-p', '127.0.0.1::80', busyboxImage, 'sh', '-c', serve]
  await docker(paths.socket, ...web)
  const address = await docker(paths.socket, 'port', 'web', '80')
  const answer = (): Promise<string> =>
    fetch(`http://${address}/`).then(
      (r) => r.text(),
      () => '',
    )
  await expect.poll(answer, { timeout: 20_000 }).toBe('hello')
  const ip = await docker(paths.socket, 'inspect', '-f', '{{.NetworkSettings.IPAddress}}', 'web')
  // Not wget: the static one of Debian ends with SIGSEGV when it looks up a name.
  const ask = ['sh', '-c', `printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 3 ${ip} 80`]
  expect(await docker(paths.socket, 'run', '--rm', busyboxImage, ...ask)).toContain('hello')
  await docker(paths.socket, 'network', 'create', 'apart')
  const apart = ['run', '--rm', '--network', 'apart', busyboxImage, ...ask]
  await expect(docker(paths.socket, ...apart)).rejects.toThrow('timed out')
  await engine.stop()
  expect(stages.slice(-1)).toEqual(['stopped'])
  expect(await ping(paths.socket)).toBe(false)
  const after = await tables()
  expect(foreign(after)).toBe(foreign(before))
  expect(added.filter((chain) => ownChains(after).has(chain))).toEqual([])
  expect((await run('ps', ['axww', '-o', 'args'])).stdout).not.toContain(dir)
  expect(await readFile('/proc/self/mountinfo', 'utf8')).not.toContain(dir)
  expect(addedBridges.length).toBeGreaterThan(0)
  expect((await bridges()).filter((name) => addedBridges.includes(name))).toEqual([])
}, 180_000)

test('one that was killed starts again by itself', async () => {
  const { paths, engine } = await freshEngine()
  await engine.start()
  const pid = Number(await readFile(paths.pid, 'utf8'))
  const kinds: string[] = []
  engine.onChanged((state) => kinds.push(state?.kind ?? 'running'))
  process.kill(pid, 'SIGKILL')
  await expect.poll(() => kinds.at(-1), { timeout: 60_000 }).toBe('running')
  expect(kinds[0]).toBe('lost')
  expect(await ping(paths.socket)).toBe(true)
}, 180_000)

async function killContainerd(execRoot: string): Promise<void> {
  const own = (await listProcesses()).filter(
    ({ args }) => /(^|\/)containerd$/.test(args[0] ?? '') && namesFolder(args, execRoot),
  )
  expect(own).toHaveLength(1)
  for (const { pid } of own) process.kill(pid, 'SIGKILL')
}

test('one whose containerd died starts again whole, also when it outlived its app', async () => {
  const { paths, engine } = await freshEngine()
  await engine.start()
  await testImage(paths.socket)
  const hello = ['run', '--rm', '--network', 'none', busyboxImage, 'echo', 'hello']
  const cameBack = async (own: PrivateEngine): Promise<void> => {
    const kinds: string[] = []
    const undo = own.onChanged((state) => kinds.push(state?.kind ?? 'running'))
    await killContainerd(paths.exec)
    await expect.poll(() => kinds.at(-1), { timeout: 90_000 }).toBe('running')
    undo()
    expect(kinds[0]).toBe('lost')
    expect(await docker(paths.socket, ...hello)).toBe('hello')
  }
  await cameBack(engine)
  await engine.release()
  const next = new PrivateEngine(paths)
  onTestFinished(() => next.stop())
  const pid = await readFile(paths.pid, 'utf8')
  await next.start()
  expect(await readFile(paths.pid, 'utf8')).toBe(pid)
  await cameBack(next)
}, 240_000)

test('an adopted one whose containerd is missed for a moment goes on', async () => {
  const { paths, engine } = await freshEngine()
  await engine.start()
  await engine.release()
  const next = new PrivateEngine(paths)
  onTestFinished(() => next.stop())
  await next.start()
  const kinds: string[] = []
  onTestFinished(next.onChanged((state) => kinds.push(state?.kind ?? 'running')))
  const socket = containerdSocket(paths)
  await rename(socket, `${socket}.away`)
  await pause(1_200)
  await rename(`${socket}.away`, socket)
  await pause(2_500)
  expect(kinds).toEqual([])
}, 180_000)

test('one that outlived its app is adopted, and then stopped', async () => {
  const { paths, engine } = await freshEngine()
  await engine.start()
  const pid = await readFile(paths.pid, 'utf8')
  const next = new PrivateEngine(paths)
  await next.start()
  expect(await readFile(paths.pid, 'utf8')).toBe(pid)
  await next.stop()
  expect(await ping(paths.socket)).toBe(false)
}, 180_000)

test('a pid file whose number another program has now does not hold it up', async () => {
  const { paths, engine } = await freshEngine()
  const other = spawn('sleep', ['1000'])
  onTestFinished(() => void other.kill())
  await mkdir(dirname(paths.pid), { recursive: true })
  await writeFile(paths.pid, String(other.pid))
  await engine.start()
  expect(other.exitCode).toBe(null)
  expect(await ping(paths.socket)).toBe(true)
}, 180_000)

test('one that cannot start says at which stage and why, and can be started when mended', async () => {
  const { paths, engine } = await freshEngine()
  await mkdir(paths.dir, { recursive: true })
  await writeFile(paths.config, '{"no-such-key": true}')
  const failed = await engine.start().catch((error: unknown) => error)
  expect(isCode(failed, 'machine.start-failed') && failed.facts).toMatchObject({ stage: 'dockerd' })
  expect(isCode(failed, 'machine.start-failed') && failed.facts['detail']).toContain('no-such-key')
  expect(engine.state?.kind).toBe('lost')
  await writeFile(paths.config, '{}')
  await engine.start()
  expect(engine.state).toBeUndefined()
}, 180_000)

test('a stop ends a start that is under way', async () => {
  const { paths, engine } = await freshEngine()
  const started = engine.start().catch((error: unknown) => error)
  await engine.stop()
  expect(isCode(await started, 'cancelled')).toBe(true)
  expect(engine.state?.kind).toBe('stopped')
  expect(await ping(paths.socket)).toBe(false)
}, 180_000)
