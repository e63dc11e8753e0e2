import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import http from 'node:http'
import net from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { busyboxImage, loadImage } from '../../../../testing/engine/images'
import { startSshHost, type SshHost } from '../../../../testing/ssh-host/ssh-host'
import { AppError } from '../../../shared/errors'
import { run } from '../platform/child'
import { waitFor } from '../platform/wait-for'
import { openGuest, type TunnelGuest } from '../tunnel/guest'
import { serveEngineSocket, type EngineSocket, type EngineSocketOptions } from './engine-socket'

let dir: string
let host: SshHost
let guest: TunnelGuest
let socket: EngineSocket
const tag = randomBytes(3).toString('hex')

beforeAll(async () => {
  dir = await mkdtemp('/tmp/sl-sock-')
  host = await startSshHost()
  guest = await openGuest(host, new AbortController().signal)
  socket = await serve((signal) => guest.dialUnix(inject('engineSocket'), signal, 'bulk'), 'docker.sock')
})
afterAll(async () => {
  await socket.close()
  guest.close()
  await host.stop()
  await rm(dir, { recursive: true })
})

const serve = (dial: EngineSocketOptions['dial'], name: string): Promise<EngineSocket> =>
  serveEngineSocket({ path: join(dir, name), dial })

const dockerEnv = () => ({
  ...process.env,
  DOCKER_HOST: `unix://${socket.path}`,
  DOCKER_CONTEXT: undefined,
  DOCKER_CONFIG: dir,
})

/** The docker CLI through the socket and the tunnel; its stdin may stay open. */
async function docker(args: readonly string[], input?: string): Promise<string> {
  const ran = await run('docker', args, {
    env: dockerEnv(),
    timeoutMs: 60_000,
    ...(input !== undefined && { input }),
  })
  if (ran.code !== 0) throw new Error(`docker ${args.join(' ')}: ${ran.stderr}`)
  return ran.stdout
}

test('the socket is its owner’s alone and goes with the core', async () => {
  const own = await serve(() => Promise.reject(new Error('never')), 'own.sock')
  expect((await stat(own.path)).mode & 0o777).toBe(0o600)
  await own.close()
  await expect(stat(own.path)).rejects.toThrow('ENOENT')
})

test('what a dead core left is replaced, what somebody serves is not taken', async () => {
  const path = join(dir, 'taken.sock')
  const child = spawn(process.execPath, [
    '-e',
    `require('net').createServer().listen(${JSON.stringify(path)})`,
  ])
  // The file is there a moment before its server listens.
  const answers = (): Promise<boolean> =>
    new Promise((resolve) => {
      const client = net.connect(path, () => resolve(true)).once('error', () => resolve(false))
      client.once('connect', () => client.destroy())
    })
  await waitFor(answers, { timeoutMs: 20_000, what: 'the other server' })
  const taken = { code: 'file.failed', facts: { reason: 'in-use' } }
  await expect(serve(() => Promise.reject(new Error('never')), 'taken.sock')).rejects.toMatchObject(taken)
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
  const own = await serve(() => Promise.reject(new Error('never')), 'taken.sock')
  await own.close()
  await writeFile(path, 'a file of somebody')
  await expect(serve(() => Promise.reject(new Error('never')), 'taken.sock')).rejects.toMatchObject(taken)
})

test('dozens of clients wait for a machine that wakes, each with a signal of its own', async () => {
  const warnings: Error[] = []
  const hear = (warning: Error): unknown => warnings.push(warning)
  process.on('warning', hear)
  onTestFinished(() => void process.off('warning', hear))
  const ends: AbortSignal[] = []
  let wake = (): void => undefined
  const awake = new Promise<void>((resolve) => (wake = resolve))
  const own = await serve(async (signal) => {
    ends.push(signal)
    signal.addEventListener('abort', () => undefined)
    await awake
    return guest.dialUnix(inject('engineSocket'), signal, 'bulk')
  }, 'wakes.sock')
  const clients = Array.from({ length: 40 }, () => net.connect(own.path))
  await waitFor(() => ends.length === clients.length, { timeoutMs: 20_000, what: 'all of them' })
  wake()
  const answers = clients.map(
    (client) =>
      new Promise<string>((resolve) => {
        client.once('data', (bytes: Buffer) => resolve(bytes.toString().split('\r\n')[0] ?? ''))
        client.write('GET /_ping HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n')
      }),
  )
  expect(new Set(await Promise.all(answers))).toEqual(new Set(['HTTP/1.1 200 OK']))
  for (const client of clients) client.destroy()
  await own.close()
  expect(warnings).toEqual([])
})

test('docker runs a container, and its exit code and output come through', async () => {
  expect(await docker(['run', '--rm', busyboxImage, 'echo', 'through the tunnel'])).toBe(
    'through the tunnel\n',
  )
  // Without a network: with one, an engine whose host forwards no packets warns on stderr.
  const args = ['run', '--rm', '--network', 'none', busyboxImage, 'sh', '-c', 'echo bad >&2; exit 42']
  const ran = await run('docker', args, { env: dockerEnv() })
  expect([ran.code, ran.stderr]).toEqual([42, 'bad\n'])
})

test('the end of what is typed reaches the container, and its answer still comes back', async () => {
  const text = 'line\n'.repeat(100_000)
  const md5 = createHash('md5').update(text).digest('hex')
  expect(await docker(['run', '--rm', '-i', busyboxImage, 'md5sum'], text)).toBe(`${md5}  -\n`)
})

test('attach and exec with a terminal are taken over whole', async () => {
  const name = `slt-${tag}-tty`
  await docker(['run', '-d', '--name', name, busyboxImage, 'sleep', '1000'])
  onTestFinished(async () => void (await docker(['rm', '-f', name])))
  // `script` gives the CLI the terminal that it insists on.
  const ran = await run(
    'script',
    ['-qec', `docker exec -it ${name} sh -c 'tty; echo $((6*7))'`, '/dev/null'],
    {
      env: dockerEnv(),
      timeoutMs: 60_000,
    },
  )
  expect(ran.stdout).toContain('/dev/pts/')
  expect(ran.stdout).toContain('42')
})

test('200 MB go in and come out as they were', async () => {
  const reference = `slipway-test/big-${tag}:latest`
  // Three layers, so that none is held whole by anyone for long.
  const layers = [0, 1, 2].map((n) => [{ name: `big${n}`, data: randomBytes(67 * 1024 * 1024) }])
  const sums = layers.map(([entry]) => createHash('md5').update(entry!.data).digest('hex'))
  await loadImage(socket.path, { reference, layers, config: { Cmd: ['/none'] } })
  const file = join(dir, 'saved.tar')
  await docker(['save', '-o', file, reference])
  await docker(['rmi', reference])
  await docker(['load', '-i', file])
  const holder = (await docker(['create', reference])).trim()
  onTestFinished(async () => {
    await docker(['rm', holder])
    await docker(['rmi', reference])
  })
  for (const [n, sum] of sums.entries()) {
    await docker(['cp', `${holder}:/big${n}`, join(dir, 'back')])
    const hash = createHash('md5')
    for await (const chunk of createReadStream(join(dir, 'back'))) hash.update(chunk as Buffer)
    expect(hash.digest('hex')).toBe(sum)
  }
}, 180_000)

test('a client that upgrades and half-closes by hand gets its answer', async () => {
  const created = await docker(['create', '-i', busyboxImage, 'cat'])
  const id = created.trim()
  onTestFinished(async () => void (await docker(['rm', '-f', id])))
  const stream = await upgraded(`/containers/${id}/attach?stream=1&stdin=1&stdout=1`)
  await docker(['start', id])
  stream.end('typed by hand')
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  // Eight bytes of head before each piece: there is no terminal.
  expect(Buffer.concat(chunks).subarray(8).toString()).toBe('typed by hand')
})

function upgraded(path: string): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const headers = {
      Connection: 'Upgrade',
      Upgrade: 'tcp',
      'Content-Type': 'application/vnd.docker.raw-stream',
    }
    const asked = http.request({ socketPath: socket.path, path, method: 'POST', headers })
    asked.once('upgrade', (_response, stream, head) => {
      if (head.length > 0) stream.unshift(head)
      resolve(stream)
    })
    asked.once('response', (response) => reject(new Error(`no upgrade: ${response.statusCode}`)))
    asked.once('error', reject)
    asked.end()
  })
}

test('a client that breaks off leaves the others and the socket alone', async () => {
  for (let n = 0; n < 50; n++) {
    const client = net.connect(socket.path)
    client.on('error', () => undefined)
    client.write('GET /_ping HTTP/1.1\r\nHost: d\r\n')
    if (n % 2) client.once('connect', () => client.destroy())
    else client.write('\r\n', () => client.destroy())
  }
  expect(await docker(['version', '--format', '{{.Server.APIVersion}}'])).toMatch(/^1\.\d+\n$/)
  await waitFor(() => socket.connections === 0, { timeoutMs: 10_000, what: 'the connections to go' })
})

test('while there is no engine its client waits, and is told why when it does not come', async () => {
  let open: (value: Duplex) => void = () => undefined
  const waiting = await serve(() => new Promise<Duplex>((resolve) => (open = resolve)), 'waiting.sock')
  onTestFinished(() => waiting.close())
  const answer = ping(waiting.path)
  await waitFor(() => waiting.connections === 1, { timeoutMs: 20_000, what: 'the client' })
  open(net.connect({ path: inject('engineSocket'), allowHalfOpen: true }))
  expect(await answer).toEqual([200, 'OK'])
  const dead = await serve(
    () => Promise.reject(new AppError('tunnel.lost', 'the machine is off')),
    'dead.sock',
  )
  onTestFinished(() => dead.close())
  expect(await ping(dead.path)).toEqual([503, '{"message":"Slipway: the machine is off"}'])
})

function ping(socketPath: string): Promise<[number | undefined, string]> {
  return new Promise((resolve, reject) => {
    http
      .get({ socketPath, path: '/_ping', agent: false }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
        response.on('end', () => resolve([response.statusCode, text]))
      })
      .on('error', reject)
  })
}
