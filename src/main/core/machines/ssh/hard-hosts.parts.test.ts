/** Hosts that forbid, limit, ask, and vanish. */
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import ssh2, { type AuthContext, type Connection } from 'ssh2'
import { beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { answering, pingOver, remoteHome, yes } from '../../../../../testing/ssh-host/remote-lab'
import { startSshHost, type SshHost, type SshHostOptions } from '../../../../../testing/ssh-host/ssh-host'
import { waitFor } from '../../platform/wait-for'
import { identityOf } from '../../tunnel/credentials'
import { newKeyPair } from '../../tunnel/keys'
import { openLink, tcpRoad } from '../../tunnel/open-link'

let engine: string

beforeAll(() => {
  engine = `SetEnv DOCKER_HOST=unix://${inject('engineSocket')}`
})

async function hostWith(config: readonly string[], more: SshHostOptions = {}): Promise<SshHost> {
  const host = await startSshHost({ config: [engine, ...config], ...more })
  onTestFinished(() => host.stop())
  return host
}

const addressOf = ({ host: name, port, keyFile }: SshHost) =>
  ({ kind: 'ssh', host: name, port, user: 'root', identityFile: keyFile }) as const

test('where sockets are not forwarded the docker program of the host carries the bytes', async () => {
  const host = await hostWith(['AllowStreamLocalForwarding no'])
  const home = await remoteHome()
  const dial = home.remotes.dialOf(addressOf(host))
  expect(await answering(home, () => pingOver(dial), yes)).toBe('OK')
  expect(await pingOver(dial)).toBe('OK')
})

test('more streams than a connection may have are spread over several, and the last ones wait', async () => {
  const host = await hostWith(['AllowStreamLocalForwarding no', 'MaxSessions 2'])
  const home = await remoteHome()
  const dial = home.remotes.dialOf(addressOf(host))
  await answering(home, () => pingOver(dial), yes)
  const held: Duplex[] = []
  for (let n = 0; n < 8; n++) held.push(await dial(AbortSignal.timeout(60_000)))
  // Four connections of two: the next one gets the place of the first that ends.
  const ninth = dial(AbortSignal.timeout(60_000))
  held[0]?.destroy()
  held.push(await ninth)
  await expect(dial(AbortSignal.timeout(60_000))).rejects.toMatchObject({ code: 'tunnel.busy' })
  for (const stream of held) stream.destroy()
  const hasRoom = (): Promise<boolean> =>
    pingOver(dial).then(
      (text) => text === 'OK',
      () => false,
    )
  await waitFor(hasRoom, { timeoutMs: 20_000, what: 'room again' })
}, 120_000)

test('keys are exchanged anew in the middle of a transfer', async () => {
  const host = await hostWith(['RekeyLimit 1M'])
  const home = await remoteHome()
  const remote = home.remotes.host(addressOf(host))
  const size = { cols: 80, rows: 24 }
  const argv = ['sh', '-c', 'head -c 30000000 /dev/zero | tr "\\0" x; echo; echo end']
  const shell = await answering(home, () => remote.shell({ size, argv }, AbortSignal.timeout(60_000)), yes)
  let bytes = 0
  let last = ''
  shell.stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    last = (last + chunk.toString()).slice(-20)
  })
  expect(await shell.exit).toBe(0)
  await waitFor(() => last.includes('end'), { timeoutMs: 20_000, what: 'the last word' })
  expect(bytes).toBeGreaterThan(30_000_000)
})

test('a link whose packets vanish is found dead, and the host is found again', async () => {
  const host = await hostWith([], { isApart: true })
  const home = await remoteHome()
  const dial = home.remotes.dialOf(addressOf(host))
  await answering(home, () => pingOver(dial), yes)
  const stream = await dial(AbortSignal.timeout(60_000))
  const failed = once(stream, 'error')
  await host.network?.pullCable()
  // Within 15 s, says the clock of the link itself: its limit is tested where it is set.
  expect((await failed)[0]).toMatchObject({ code: 'tunnel.lost', facts: { reason: 'silence' } })
  await expect(pingOver(dial)).rejects.toMatchObject({ code: expect.stringMatching(/^tunnel\./) as string })
  await host.network?.plugIn()
  home.remotes.retry()
  await waitFor(
    () =>
      pingOver(dial).then(
        (text) => text === 'OK',
        () => false,
      ),
    {
      timeoutMs: 40_000,
      everyMs: 500,
      what: 'the host to be back',
    },
  )
}, 120_000)

test('a host that is gone is asked less and less', async () => {
  const host = await hostWith([])
  const home = await remoteHome()
  await host.stop()
  const dial = home.remotes.dialOf(addressOf(host))
  const triedMs: number[] = []
  // Asked all the time: the tries themselves come after 0.5, 1, 2… s. Each wait is tested where the link is kept.
  while (triedMs.length < 4)
    await dial(AbortSignal.timeout(60_000)).catch(() => triedMs.push(performance.now()))
  const waits = triedMs.slice(1).map((atMs, at) => atMs - (triedMs[at] ?? 0))
  expect(waits[2]).toBeGreaterThan(2 * (waits[0] ?? 0))
})

/** A server of ours for what a real one without a system's accounts cannot show. */
async function ownServer(onAuth: (context: AuthContext) => void, banner?: string): Promise<number> {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  })
  const clients = new Set<Connection>()
  const server = new ssh2.Server(
    { hostKeys: [privateKey], ...(banner !== undefined && { banner }) },
    (client) => {
      clients.add(client)
      client.on('error', () => undefined)
      client.on('authentication', onAuth)
      client.on('ready', () =>
        client.on('session', (accept) => accept().on('exec', (take) => take().exit(0))),
      )
    },
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const client of clients) client.end()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

test('a password is asked for once, kept for the next connection, and asked again when it is wrong', async () => {
  let password = 'right'
  const port = await ownServer((context) => {
    if (context.method === 'password' && context.password === password) context.accept()
    else context.reject(['password'])
  })
  const home = await remoteHome()
  const remote = home.remotes.host({ host: '127.0.0.1', port, user: 'me' })
  const log = (): Promise<unknown> => loggedIn(remote)
  const asked: unknown[] = []
  const answers = ['wrong', 'right', 'newer']
  const answer = (question: {
    code: string
    facts: Readonly<Record<string, unknown>>
  }): string | undefined => {
    if (question.code === 'ssh.unknown-host') return String(question.facts['fingerprint'])
    asked.push([question.facts['kind'], question.facts['wasWrong']])
    return answers.shift()
  }
  await answering(home, log, answer)
  remote.close()
  const again = home.remotes.host({ host: '127.0.0.1', port, user: 'me', identityFile: '/none' })
  await answering(home, () => loggedIn(again), answer)
  expect(asked).toEqual([
    ['password', false],
    ['password', true],
  ])
  password = 'newer'
  const third = home.remotes.host({ host: '127.0.0.1', port, user: 'me', identityFile: '/no' })
  await answering(home, () => loggedIn(third), answer)
  expect(asked.at(-1)).toEqual(['password', true])
})

/** Logged in is who gets further than the login: this server opens no terminal. */
async function loggedIn(remote: ReturnType<Awaited<ReturnType<typeof remoteHome>>['remotes']['host']>) {
  const opening = remote.shell({ size: { cols: 80, rows: 24 } }, AbortSignal.timeout(20_000))
  await opening.catch((error: { code?: string }) => {
    if (error.code !== 'tunnel.lost' && !/(tunnel.(refused|forbidden))/.test(error.code ?? ''))
      throw error as Error
  })
}

test('prompts are asked with the host’s words, and a code is not used twice', async () => {
  let codes = 0
  const port = await ownServer((context) => {
    if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive'])
    context.prompt([{ prompt: 'Code from\u001b[31m your phone: ', echo: true }], 'Two factors', ([code]) => {
      if (code === `code ${codes}`) context.accept()
      else context.reject(['keyboard-interactive'])
    })
  })
  const home = await remoteHome()
  const asked: unknown[] = []
  const answer = (question: { code: string; facts: Readonly<Record<string, unknown>> }): string => {
    if (question.code === 'ssh.unknown-host') return String(question.facts['fingerprint'])
    asked.push([question.facts['prompt'], question.facts['isSecret'], question.facts['wasWrong']])
    return `code ${codes}`
  }
  await answering(home, () => loggedIn(home.remotes.host({ host: '127.0.0.1', port, user: 'me' })), answer)
  codes++
  const next = home.remotes.host({ host: '127.0.0.1', port, user: 'me', identityFile: '/none' })
  await answering(home, () => loggedIn(next), answer)
  expect(asked).toEqual([
    ['Code from [31m your phone: ', false, false],
    ['Code from [31m your phone: ', false, false],
  ])
})

test('a banner is kept as text up to a limit', async () => {
  const port = await ownServer((context) => context.accept(), `\u001b[2J${'x'.repeat(30_000)}`)
  const link = await openLink(
    {
      name: 'banner',
      user: 'me',
      road: tcpRoad('127.0.0.1', port),
      verifyHostKey: () => undefined,
      credentials: { identities: () => Promise.resolve([identityOf(newKeyPair('any').privateKey)]) },
    },
    AbortSignal.timeout(20_000),
  )
  onTestFinished(() => link.close())
  expect(link.banner).toMatch(/x{1000}/)
  expect(link.banner.length).toBeLessThanOrEqual(64 * 1024)
})

test('a host that hangs up at once, as beyond MaxStartups, is tried again', async () => {
  const host = await hostWith([])
  let refused = 0
  const door = net.createServer((socket) => {
    socket.on('error', () => undefined)
    if (++refused <= 2) return void socket.destroy()
    const far = net.connect(host.port, host.host)
    far.on('error', () => socket.destroy())
    socket.pipe(far).pipe(socket)
  })
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void door.close())
  const home = await remoteHome()
  const { port } = door.address() as AddressInfo
  const dial = home.remotes.dialOf({ ...addressOf(host), port })
  await expect(pingOver(dial)).rejects.toMatchObject({ code: 'tunnel.unreachable' })
  const reached = (): Promise<boolean> =>
    answering(home, () => pingOver(dial), yes).then(
      (text) => text === 'OK',
      () => false,
    )
  await waitFor(reached, { timeoutMs: 30_000, everyMs: 300, what: 'the door to open' })
})
