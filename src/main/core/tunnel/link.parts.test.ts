import { createHash, randomBytes } from 'node:crypto'
import { rm, stat } from 'node:fs/promises'
import net from 'node:net'
import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startSshHost, type SshHost } from '../../../../testing/ssh-host/ssh-host'
import { waitFor } from '../platform/wait-for'
import { openGuest, type TunnelGuest } from './guest'
import { fingerprint, newKeyPair } from './keys'
import { openLink, tcpRoad } from './open-link'

let host: SshHost
const { signal } = new AbortController()

beforeAll(async () => {
  host = await startSshHost()
})
afterAll(() => host.stop())

const address = () => ({
  host: host.host,
  port: host.port,
  privateKey: host.privateKey,
  hostKey: host.hostKey,
})

async function guestOf(more = {}): Promise<TunnelGuest> {
  const guest = await openGuest({ ...address(), ...more }, signal)
  onTestFinished(() => guest.close())
  return guest
}

/** To the end of its half; iterating would close the other half, too. */
const readAll = (stream: Duplex): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.once('end', () => resolve(Buffer.concat(chunks)))
    stream.once('error', reject)
  })

/** A server on a unix socket of the host, gone with the test. */
async function served(onSocket: (socket: net.Socket) => void): Promise<string> {
  const path = join(host.dir, `${randomBytes(4).toString('hex')}.sock`)
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined)
    onSocket(socket)
  })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  onTestFinished(async () => {
    server.close()
    await rm(path, { force: true })
  })
  return path
}

test('an answer comes after our half is closed, and the stream ends both ways', async () => {
  const path = await served((socket) => {
    void readAll(socket).then((all) => socket.end(`${all.length} bytes`))
  })
  const stream = await (await guestOf()).dialUnix(path, signal)
  stream.end(Buffer.alloc(3_000_000))
  expect((await readAll(stream)).toString()).toBe('3000000 bytes')
  await waitFor(() => stream.closed, { timeoutMs: 20_000, what: 'the close' })
})

test('the far side closes its half first and still reads ours', async () => {
  let got: Promise<Buffer> | undefined
  const path = await served((socket) => {
    got = readAll(socket)
    socket.end('bye')
  })
  const stream = await (await guestOf()).dialUnix(path, signal)
  expect((await readAll(stream)).toString()).toBe('bye')
  stream.write('more ')
  await new Promise((resolve) => stream.end('and more', () => resolve(undefined)))
  expect((await got)?.toString()).toBe('more and more')
})

test('100 MB pass unchanged both ways', async () => {
  const path = await served((socket) => socket.pipe(socket))
  const stream = await (await guestOf()).dialUnix(path, signal, 'bulk')
  const block = randomBytes(1024 * 1024)
  const [sent, received] = [createHash('md5'), createHash('md5')]
  const reading = (async () => {
    for await (const chunk of stream) received.update(chunk as Buffer)
  })()
  for (let n = 0; n < 100; n++) {
    block.writeUInt32LE(n)
    const copy = Buffer.from(block)
    sent.update(copy)
    if (!stream.write(copy)) await once(stream, 'drain')
  }
  stream.end()
  await reading
  expect(received.digest('hex')).toBe(sent.digest('hex'))
})

test('a reader that does not read makes the far side wait', async () => {
  let written = 0
  const path = await served((socket) => {
    const more = (): void => {
      if (socket.destroyed) return
      socket.write(Buffer.alloc(64 * 1024), () => {
        written += 64 * 1024
        more()
      })
    }
    more()
  })
  const guest = await guestOf()
  const stream = await guest.dialUnix(path, signal)
  let last = -1
  await waitFor(() => written === last || void (last = written), {
    timeoutMs: 20_000,
    everyMs: 300,
    what: 'standstill',
  })
  expect(written).toBeLessThan(16 * 1024 * 1024)
  // The others go on meanwhile.
  const echo = await served((socket) => socket.pipe(socket))
  const other = await guest.dialUnix(echo, signal)
  other.end('hello')
  expect((await readAll(other)).toString()).toBe('hello')
  stream.destroy()
})

test('a writer waits for a far side that does not read, and goes on when it reads', async () => {
  let far: net.Socket | undefined
  let read = 0
  const path = await served((socket) => {
    far = socket.pause()
    socket.on('data', (chunk) => (read += chunk.length)).pause()
  })
  const stream = await (await guestOf()).dialUnix(path, signal)
  let taken = 1
  const block = Buffer.alloc(1024 * 1024)
  while (stream.write(block) || (await drained(stream))) taken++
  // What the buffers between the two hold is taken: less would be a road that stands by itself.
  expect(taken).toBeGreaterThan(1)
  expect(taken).toBeLessThan(20)
  expect(read).toBe(0)
  const goesOn = once(stream, 'drain')
  far?.resume()
  await goesOn
  await waitFor(() => read === taken * block.length, { timeoutMs: 20_000, what: 'all that was written' })
  stream.destroy()
})

/** What a second is too short for waits for the far side. */
const drained = (stream: Duplex): Promise<boolean> =>
  Promise.race([
    once(stream, 'drain').then(() => true),
    new Promise<false>((resolve) => setTimeout(() => resolve(false), 1000)),
  ])

test('a port of the host is reached, and one where nobody listens is refused', async () => {
  const server = net.createServer((socket) => socket.end('tcp'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as net.AddressInfo
  const guest = await guestOf()
  expect((await readAll(await guest.dialTcp('127.0.0.1', port, signal))).toString()).toBe('tcp')
  await expect(guest.dialTcp('127.0.0.1', 1, signal)).rejects.toMatchObject({ code: 'tunnel.refused' })
  await expect(guest.dialUnix('/nowhere.sock', signal)).rejects.toMatchObject({ code: 'tunnel.refused' })
})

test('a socket made on the host leads to us, is closed to others, and goes', async () => {
  const guest = await guestOf()
  const path = join(host.dir, 'share.sock')
  const undo = await guest.listenUnix(path, (stream) => stream.pipe(stream), signal)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  const socket = net.connect({ path, allowHalfOpen: true })
  socket.end('from the guest')
  expect((await readAll(socket)).toString()).toBe('from the guest')
  undo()
  await waitFor(() => refuses(path), { timeoutMs: 20_000, what: 'the socket to close' })
})

const refuses = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(false)
    })
    socket.once('error', () => resolve(true))
  })

test('a socket that a broken link left behind is taken again', async () => {
  const path = join(host.dir, 'again.sock')
  const first = await guestOf()
  await first.listenUnix(path, () => undefined, signal)
  const second = await guestOf()
  await second.listenUnix(path, (stream) => stream.end('second'), signal)
  expect((await readAll(net.connect(path))).toString()).toBe('second')
})

test('words arrive at a program as they are, whatever a shell would make of them', async () => {
  const link = await linkOf()
  const nasty = ["it's", '$HOME `id`', 'a\nb', '"quoted"', '*', '', '; true']
  const ran = await link.run({ argv: ['printf', '<%s>', ...nasty] }, signal)
  expect(ran.stdout).toBe(nasty.map((word) => `<${word}>`).join(''))
  const cat = await link.run({ argv: ['cat'], input: 'typed' }, signal)
  expect([cat.stdout, cat.code]).toEqual(['typed', 0])
  const failed = await link.run({ argv: ['sh', '-c', 'echo no >&2; exit 3'] }, signal)
  expect([failed.code, failed.stderr]).toEqual([3, 'no\n'])
})

const linkOf = async (more = {}) => {
  const link = await openLink(
    {
      name: 'test',
      user: 'root',
      road: tcpRoad(host.host, host.port),
      verifyHostKey: () => undefined,
      credentials: identitiesOf(host.privateKey),
      ...more,
    },
    signal,
  )
  onTestFinished(() => link.close())
  return link
}

const identitiesOf = (privateKey: string) => ({
  identities: async () => [(await import('./credentials')).identityOf(privateKey)],
})

test('a verb that fails says so in the guest’s words', async () => {
  const guest = await guestOf()
  await expect(guest.run('facts', [], { signal })).rejects.toMatchObject({
    code: 'machine.guest-failed',
    facts: { verb: 'facts', exitCode: 127 },
  })
})

test('a program that does not end is given up, and so is one that nobody waits for', async () => {
  const link = await linkOf()
  await expect(link.run({ argv: ['sleep', '60'], timeoutMs: 300 }, signal)).rejects.toMatchObject({
    code: 'tunnel.not-responding',
  })
  const stop = new AbortController()
  const running = link.run({ argv: ['sleep', '60'] }, stop.signal)
  stop.abort(new Error('enough'))
  await expect(running).rejects.toThrow('enough')
})

test('a shell has a terminal, takes another size, and tells its exit', async () => {
  const shell = await (await guestOf()).shell({ cols: 91, rows: 17 }, signal, ['sh'])
  const { stream, exit } = shell
  let said = ''
  stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  stream.write('stty size\n')
  await waitFor(() => said.includes('17 91'), { timeoutMs: 10_000, what: 'the size' })
  shell.resize({ cols: 120, rows: 40 })
  stream.write('stty size; exit 7\n')
  await waitFor(() => said.includes('40 120'), { timeoutMs: 10_000, what: 'the new size' })
  expect(await exit).toBe(7)
})

test('another host key is refused with both fingerprints, and no login is tried', async () => {
  const other = newKeyPair('other').publicKey
  await expect(guestOf({ hostKey: other })).rejects.toMatchObject({
    code: 'tunnel.host-key-changed',
    facts: { expected: fingerprint(other), got: fingerprint(host.hostKey) },
  })
})

test('without somebody who looks at the host key nothing connects', async () => {
  const before = (await host.log()).length
  await expect(linkOf({ verifyHostKey: undefined })).rejects.toBeInstanceOf(TypeError)
  expect((await host.log()).slice(before)).not.toContain('Connection from')
})

test('a key that the host does not take is told as a refused login', async () => {
  await expect(guestOf({ privateKey: newKeyPair('wrong').privateKey })).rejects.toMatchObject({
    code: 'tunnel.auth-failed',
  })
})

test('a link that ends fails what runs through it, and tells it once', async () => {
  const path = await served((socket) => socket.pipe(socket))
  const guest = await guestOf()
  const stream = await guest.dialUnix(path, signal)
  const reasons: (Error | undefined)[] = []
  guest.onClosed((reason) => reasons.push(reason))
  const failed = once(stream, 'error')
  await host.cutSessions()
  expect((await failed)[0]).toMatchObject({ code: 'tunnel.lost' })
  expect(reasons).toHaveLength(1)
  expect(reasons[0]).toMatchObject({ code: 'tunnel.lost' })
  await expect(guest.dialUnix(path, signal)).rejects.toMatchObject({ code: 'tunnel.lost' })
})
