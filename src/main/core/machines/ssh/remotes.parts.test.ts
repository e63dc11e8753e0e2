import { spawn } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { answering, pingOver, remoteHome, yes } from '../../../../../testing/ssh-host/remote-lab'
import { startSshHost, type SshHost } from '../../../../../testing/ssh-host/ssh-host'
import { run } from '../../platform/child'
import { waitFor } from '../../platform/wait-for'
import { fingerprint, newKeyPair } from '../../tunnel/keys'

let host: SshHost

beforeAll(async () => {
  host = await startSshHost({
    config: [`SetEnv DOCKER_HOST=unix://${inject('engineSocket')}`, 'Banner none'],
  })
})
afterAll(() => host.stop())

const addressOf = ({ host: name, port, keyFile }: SshHost) =>
  ({ kind: 'ssh', host: name, port, user: 'root', identityFile: keyFile }) as const

test('a host that nobody knows is a question; after the yes it is known and the engine answers', async () => {
  const home = await remoteHome()
  const dial = home.remotes.dialOf(addressOf(host))
  const print = fingerprint(host.hostKey)
  const asked = { code: 'ssh.unknown-host', facts: { keyType: 'ssh-ed25519', fingerprint: print } }
  await expect(pingOver(dial)).rejects.toMatchObject(asked)
  expect(await host.log()).not.toContain('Accepted')
  // What the host says of the end of that connection comes when it has seen it.
  const hasSeen = async (): Promise<boolean> => /closed|reset|disconnect/i.test(await host.log())
  await waitFor(hasSeen, { timeoutMs: 20_000, what: 'the host to see the end' })
  const before = (await host.log()).length
  await expect(pingOver(dial)).rejects.toMatchObject(asked)
  // A question that waits is not asked of the host again.
  expect((await host.log()).slice(before)).toBe('')
  await answering(
    home,
    () => pingOver(dial),
    () => undefined,
  ).catch(() => undefined)
  home.remotes.answer(`host-key:[127.0.0.1]:${host.port}`, 'SHA256:another')
  await expect(pingOver(dial)).rejects.toMatchObject(asked)
  home.remotes.answer(`host-key:[127.0.0.1]:${host.port}`, print)
  expect(await pingOver(dial)).toBe('OK')
  const known = await readFile(join(home.home, '.ssh', 'known_hosts'), 'utf8')
  expect(known).toBe(`[127.0.0.1]:${host.port} ${host.hostKey.split(' ').slice(0, 2).join(' ')}\n`)
})

test('another key than the known one is refused with both fingerprints, and nothing is sent', async () => {
  const home = await remoteHome()
  const other = newKeyPair('other').publicKey
  await home.write('known_hosts', `[127.0.0.1]:${host.port} ${other}\n`)
  const before = (await host.log()).length
  await expect(pingOver(home.remotes.dialOf(addressOf(host)))).rejects.toMatchObject({
    code: 'tunnel.host-key-changed',
    facts: { expected: fingerprint(other), got: fingerprint(host.hostKey), line: 1 },
  })
  expect((await host.log()).slice(before)).not.toMatch(/Accepted|Failed|userauth/)
})

test('a revoked key is refused', async () => {
  const home = await remoteHome()
  await home.write('known_hosts', `@revoked * ${host.hostKey}\n`)
  await expect(pingOver(home.remotes.dialOf(addressOf(host)))).rejects.toMatchObject({
    code: 'ssh.key-revoked',
  })
})

test('a locked key asks for its passphrase, only where it helps, and says when it was wrong', async () => {
  const home = await remoteHome()
  const path = await home.write('id_locked', await readFile(host.keyFile, 'utf8'))
  const locked = await run('ssh-keygen', ['-p', '-N', 'open sesame', '-P', '', '-f', path])
  expect(locked.stderr + locked.stdout).toContain('saved')
  const dial = home.remotes.dialOf({ ...addressOf(host), identityFile: path })
  const told: unknown[] = []
  const answers = ['wrong', 'open sesame']
  const answer = await answering(
    home,
    () => pingOver(dial),
    (question) => {
      if (question.code === 'ssh.unknown-host') return yes(question)
      told.push([question.facts['kind'], question.facts['isSecret'], question.facts['wasWrong']])
      return answers.shift()
    },
  )
  expect(answer).toBe('OK')
  expect(told).toEqual([
    ['passphrase', true, false],
    ['passphrase', true, true],
  ])
  const stranger = await home.write('id_stranger', newKeyPair('stranger').privateKey)
  await run('ssh-keygen', ['-p', '-N', 'secret', '-P', '', '-f', stranger])
  const useless = home.remotes.dialOf({ ...addressOf(host), identityFile: stranger })
  await expect(pingOver(useless)).rejects.toMatchObject({ code: 'tunnel.auth-failed', facts: { keys: 1 } })
})

test('what a host shows before the login stands beside its question, and is known after it', async () => {
  const banner = '\nFor \u001b[31mstaff\u001b[0m only.\nCall 4711.\n'
  const config = [`SetEnv DOCKER_HOST=unix://${inject('engineSocket')}`]
  const talker = await startSshHost({ banner, config })
  onTestFinished(() => talker.stop())
  const home = await remoteHome()
  const path = await home.write('id_locked', await readFile(talker.keyFile, 'utf8'))
  await run('ssh-keygen', ['-p', '-N', 'open sesame', '-P', '', '-f', path])
  const address = { ...addressOf(talker), identityFile: path }
  const told: unknown[] = []
  const remote = home.remotes.host(address)
  expect(remote.banner).toBe('')
  await answering(
    home,
    () => pingOver(home.remotes.dialOf(address)),
    (question) => {
      told.push([question.code, question.facts['banner']])
      return yes(question) ?? 'open sesame'
    },
  )
  expect(told).toEqual([
    // No host says a word to who has not taken its key.
    ['ssh.unknown-host', undefined],
    ['ssh.needs-answer', 'For staff only.\nCall 4711.'],
  ])
  expect(remote.banner).toBe('For staff only.\nCall 4711.')
})

test('keys of the agent log in, and an agent that is gone is told', async () => {
  const agent = await startAgent()
  await run('ssh-add', [host.keyFile], { env: { ...process.env, SSH_AUTH_SOCK: agent.socket } })
  const home = await remoteHome({ SSH_AUTH_SOCK: agent.socket })
  const address = { kind: 'ssh', host: host.host, port: host.port, user: 'root' } as const
  expect(await answering(home, () => pingOver(home.remotes.dialOf(address)), yes)).toBe('OK')
  await agent.stop()
  home.remotes.keepOnly([address])
  home.remotes.keepOnly([])
  await expect(pingOver(home.remotes.dialOf(address))).rejects.toMatchObject({
    code: 'tunnel.auth-failed',
    facts: { agent: 'gone' },
  })
})

async function startAgent() {
  const socket = join(host.dir, `agent-${Date.now()}`)
  const child = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' })
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL')
    await rm(socket, { force: true })
  }
  onTestFinished(stop)
  const isUp = async (): Promise<boolean> => {
    const ran = await run('ssh-add', ['-l'], { env: { ...process.env, SSH_AUTH_SOCK: socket } })
    return ran.code === 1
  }
  await waitFor(isUp, { timeoutMs: 10_000, what: 'the agent' })
  return { socket, stop }
}

test('a host behind a jump host is reached by the person’s own config, each asked about its key', async () => {
  const jump = await startSshHost()
  onTestFinished(() => jump.stop())
  const home = await remoteHome()
  await home.write(
    'config',
    `Host goal
  HostName 127.0.0.1
  Port ${host.port}
  User root
  IdentityFile ${host.keyFile}
  ProxyJump door
Host door
  HostName localhost
  Port ${jump.port}
  User root
  IdentityFile ${jump.keyFile}
`,
  )
  const asked: string[] = []
  const dial = home.remotes.dialOf({ host: 'goal' })
  await answering(
    home,
    () => pingOver(dial),
    (question) => {
      asked.push(String(question.facts['fingerprint']))
      return yes(question)
    },
  )
  expect(asked).toEqual([fingerprint(jump.hostKey), fingerprint(host.hostKey)])
  expect(await home.remotes.names()).toEqual(['goal', 'door'])
  // The way is lost with the door, and found again by itself.
  await jump.cutSessions()
  await waitFor(
    () =>
      pingOver(dial).then(
        (text) => text === 'OK',
        () => false,
      ),
    {
      timeoutMs: 20_000,
      what: 'the engine to be back',
    },
  )
})

test('a ProxyCommand of the config carries the connection', async () => {
  const home = await remoteHome()
  const bridge = `${process.execPath} -e "const s=require('net').connect(+process.argv[1],process.argv[2]);process.stdin.pipe(s).pipe(process.stdout)" %p %h`
  await home.write('config', `Host by-command\n  HostName 127.0.0.1\n  ProxyCommand ${bridge}\n`)
  const dial = home.remotes.dialOf({ ...addressOf(host), host: 'by-command' })
  expect(await answering(home, () => pingOver(dial), yes)).toBe('OK')
})

test('what flows has a connection of its own, opened when it is needed', async () => {
  const home = await remoteHome()
  const dial = home.remotes.dialOf(addressOf(host))
  const sessions = async (): Promise<number> => (await host.sessions()).length
  await waitFor(async () => (await sessions()) === 0, { timeoutMs: 20_000, what: 'older sessions to end' })
  await answering(home, () => pingOver(dial), yes)
  // The one of the question has ended here; the host's process for it ends a moment later.
  await waitFor(async () => (await sessions()) === 1, { timeoutMs: 20_000, what: 'one session' })
  expect(await pingOver(dial, 'bulk')).toBe('OK')
  expect(await sessions()).toBe(2)
})

test('a terminal on the host', async () => {
  const home = await remoteHome()
  const remote = home.remotes.host(addressOf(host))
  const size = { cols: 77, rows: 11 }
  const open = () =>
    remote.shell({ size, argv: ['sh', '-c', 'stty size; exit 5'] }, AbortSignal.timeout(30_000))
  const shell = await answering(home, open, yes)
  let said = ''
  shell.stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  expect(await shell.exit).toBe(5)
  // The host tells the exit code when it knows it, also before the last bytes.
  await waitFor(() => said.includes('11 77'), { timeoutMs: 20_000, what: 'the size' })
  expect(said).toContain('11 77')
})

test('no engine on the host is said, with what was tried', async () => {
  const bare = await startSshHost({ config: ['SetEnv PATH=/bin:/usr/bin DOCKER_HOST=unix:///nowhere.sock'] })
  onTestFinished(() => bare.stop())
  const home = await remoteHome()
  const dial = home.remotes.dialOf(addressOf(bare))
  await expect(answering(home, () => pingOver(dial), yes)).rejects.toMatchObject({
    code: 'ssh.no-engine',
    facts: { name: `root@127.0.0.1:${bare.port}` },
  })
})
