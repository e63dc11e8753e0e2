import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freePort } from '../../../../testing/ports/free-port'
import type { Container, HostPort, MachineId, PublishedPort } from '../../../shared/model'
import { AppError } from '../../../shared/errors'
import { waitFor } from '../platform/wait-for'
import type { Forward, Forwards, PortLink } from './port-link'
import { createPorts, type Ports } from './ports'

const id = 'm-test' as MachineId
let rows: Container[]
let listeners: Set<() => void>
let ports: Ports
let guest: Server
let guestPort: number
let told: readonly HostPort[]
let end: AbortController

beforeEach(async () => {
  rows = []
  listeners = new Set()
  told = []
  end = new AbortController()
  ports = createPorts({
    containersOf: () => rows,
    onContainers: (_id, listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    holderOf: (_protocol, port) => Promise.resolve(`keeper of ${port}`),
  })
  // What a container answers with: it says back what it got, after the other side has said its last word.
  guest = createServer({ allowHalfOpen: true }, (socket) => {
    const got: Buffer[] = []
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk: Buffer) => got.push(chunk))
    socket.on('end', () => socket.end(Buffer.concat([Buffer.from('back: '), ...got])))
  })
  guestPort = await listen(guest, '127.0.0.1')
})

afterEach(async () => {
  end.abort()
  await new Promise((resolve) => guest.close(resolve))
  expect(listeners.size).toBe(0)
})

function listen(server: Server, host: string, port = 0): Promise<number> {
  return new Promise((resolve) =>
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port)),
  )
}

function link(more: { forwards?: Forwards; isPublishedToLan?: boolean } = {}): PortLink {
  return {
    id,
    settings: () =>
      ({ isPublishedToLan: more.isPublishedToLan ?? false }) as ReturnType<PortLink['settings']>,
    guest: {
      dialTcp: (host) =>
        new Promise<Socket>((resolve, reject) => {
          const socket = connect({ host, port: guestPort, allowHalfOpen: true }, () => resolve(socket))
          socket.once('error', reject)
        }),
    },
    forwards: more.forwards,
    signal: end.signal,
    tell: (facts) => (told = facts.ports),
  }
}

/** A hypervisor's forwards, as a set: what is in it would listen on the host. */
class FakeForwards implements Forwards {
  readonly rules = new Map<string, Forward>()
  readonly taken = new Set<number>()

  add(rule: Forward): Promise<void> {
    const key = `${rule.protocol}/${rule.address}/${rule.port}`
    if (this.taken.has(rule.port) || this.rules.has(key))
      return Promise.reject(new AppError('port.in-use', 'taken'))
    this.rules.set(key, rule)
    return Promise.resolve()
  }
  remove(rule: Forward): Promise<void> {
    this.rules.delete(`${rule.protocol}/${rule.address}/${rule.port}`)
    return Promise.resolve()
  }
  list(): Promise<Forward[]> {
    return Promise.resolve([...this.rules.values()])
  }
}

function container(name: string, ...published: PublishedPort[]): Container {
  return { id: name, name, state: 'running', ports: published } as unknown as Container
}

const tcp = (hostPort: number, hostIp = '127.0.0.1'): PublishedPort => ({
  ...{ protocol: 'tcp', containerPort: 80 },
  ...{ hostPort, hostIp },
})

const changed = (): void => listeners.forEach((listener) => listener())

/** What comes back for `text`, sent with a half-closed end; the error's code when there is nobody. */
function ask(port: number, text: string, host = '127.0.0.1'): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect({ host, port, allowHalfOpen: true }, () => socket.end(text))
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()))
    socket.on('end', () => resolve(answer))
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'failed'))
  })
}

test('a published port answers on the host with the container, and goes with it', async () => {
  const port = await freePort()
  const here = link()
  await ports.begin(here)
  rows = [container('web', tcp(port))]
  changed()
  await waitFor(() => told.length === 1, { timeoutMs: 20_000, what: 'the port' })
  expect(told).toEqual([{ protocol: 'tcp', address: '127.0.0.1', port, container: 'web', road: 'ssh' }])
  expect(await ask(port, 'half-closed')).toBe('back: half-closed')
  rows = []
  changed()
  await waitFor(() => told.length === 0, { timeoutMs: 20_000, what: 'no port' })
  expect(await ask(port, 'x')).toBe('ECONNREFUSED')
})

test('a megabyte both ways comes through unchanged', async () => {
  const port = await freePort()
  rows = [container('web', tcp(port))]
  await ports.begin(link())
  const text = 'x'.repeat(1_048_576)
  expect((await ask(port, text)).length).toBe(text.length + 6)
})

test('the address that was asked for is kept; without one it is loopback until the person says more', async () => {
  const [port, open] = [await freePort(), await freePort()]
  rows = [container('web', tcp(port, '0.0.0.0'), tcp(open, '::1'))]
  await ports.begin(link())
  expect(told.map(({ address }) => address)).toEqual(['127.0.0.1', '::1'])
  expect(await ask(open, 'v4', '127.0.0.1')).toBe('ECONNREFUSED')
  expect(await ask(port, 'other address', '127.0.0.2')).toBe('ECONNREFUSED')
  end.abort()
  end = new AbortController()
  await ports.begin(link({ isPublishedToLan: true }))
  expect(told.map(({ address }) => address)).toEqual(['0.0.0.0', '::1'])
  await waitFor(async () => (await ask(port, 'lan', '127.0.0.2')) === 'back: lan', {
    ...{ timeoutMs: 20_000, what: 'the second address' },
  })
})

test('a port that somebody holds says who, and comes when it is given free', async () => {
  const keeper = createServer()
  const port = await listen(keeper, '127.0.0.1')
  rows = [container('web', tcp(port))]
  await ports.begin(link())
  expect(told[0]?.error).toMatchObject({
    code: 'port.in-use',
    facts: { port, holder: `keeper of ${port}` },
  })
  await new Promise((resolve) => keeper.close(resolve))
  await waitFor(() => told[0]?.error === undefined, { timeoutMs: 15_000, what: 'the port' })
  expect(await ask(port, 'now')).toBe('back: now')
})

test('UDP without a hypervisor that forwards it is refused, and said', async () => {
  rows = [container('dns', { protocol: 'udp', containerPort: 53, hostPort: 5353, hostIp: '0.0.0.0' })]
  await ports.begin(link())
  expect(told[0]?.error?.code).toBe('port.unsupported')
})

test('what the hypervisor can reach it forwards; loopback inside goes through the tunnel', async () => {
  const forwards = new FakeForwards()
  const port = await freePort()
  const udp: PublishedPort = { protocol: 'udp', containerPort: 53, hostPort: 5353, hostIp: '0.0.0.0' }
  rows = [container('web', tcp(9000, '0.0.0.0'), tcp(port), udp)]
  const here = link({ forwards })
  await ports.begin(here)
  expect([...forwards.rules.keys()].sort()).toEqual(['tcp/127.0.0.1/9000', 'udp/127.0.0.1/5353'])
  expect(told.find((one) => one.port === port)?.road).toBe('ssh')
  await ports.end(here)
  expect(forwards.rules.size).toBe(0)
  expect(await ask(port, 'x')).toBe('ECONNREFUSED')
})

test('forwards that an earlier core left are taken up when wanted and taken away when not', async () => {
  const forwards = new FakeForwards()
  await forwards.add({ protocol: 'tcp', address: '127.0.0.1', port: 9000, guestPort: 9000 })
  await forwards.add({ protocol: 'tcp', address: '127.0.0.1', port: 9001, guestPort: 9001 })
  rows = [container('web', tcp(9000, '0.0.0.0'))]
  await ports.begin(link({ forwards }))
  expect([...forwards.rules.keys()]).toEqual(['tcp/127.0.0.1/9000'])
  expect(told).toMatchObject([{ port: 9000, road: 'hostfwd' }])
  expect(told[0]?.error).toBeUndefined()
})

test('after 500 starts and stops the listeners are the published ports exactly, and none after the end', async () => {
  const forwards = new FakeForwards()
  const here = link({ forwards })
  await ports.begin(here)
  const tunnelled = await freePort()
  const running = new Map<number, Container>()
  let state = 5
  for (let round = 0; round < 500; round++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    const port = 20_000 + ((state >>> 8) % 40)
    if (!running.delete(port)) running.set(port, container(`c${port}`, tcp(port, '0.0.0.0')))
    rows = [...running.values(), ...(round % 3 === 0 ? [container('t', tcp(tunnelled))] : [])]
    changed()
    if (round % 10 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  const wanted = [...running.keys()].map((port) => `tcp/127.0.0.1/${port}`).sort()
  await waitFor(() => [...forwards.rules.keys()].sort().join() === wanted.join(), {
    ...{ timeoutMs: 10_000, what: 'the ports of the last state' },
  })
  expect(told.every(({ error }) => error === undefined)).toBe(true)
  await ports.end(here)
  expect(forwards.rules.size).toBe(0)
  expect(await ask(tunnelled, 'x')).toBe('ECONNREFUSED')
})
