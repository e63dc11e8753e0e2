import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newKeyPair } from '../../src/main/core/tunnel/keys'
import { waitFor } from '../../src/main/core/platform/wait-for'
import { allOrNothing, type Cleanup } from '../../src/shared/std/cleanup'
import { needs } from '../engine/start-engine'
import { freePort } from '../ports/free-port'
import { makeNetNamespace, type NetNamespace } from './net-namespace'

export interface SshHostOptions {
  /** More lines for its sshd_config; they come first, and sshd takes the first of a name. */
  readonly config?: readonly string[]
  /** Stands on a network of its own, whose cable can be pulled. */
  readonly isApart?: boolean
  /** Takes this host key in place of a fresh one: private key text. */
  readonly hostKey?: string
  readonly port?: number
  /** Shown to everybody before the login. */
  readonly banner?: string
}

/** A real sshd of our own: own keys, own port, own folders. It lets root in, by one key. */
export interface SshHost {
  readonly host: string
  readonly port: number
  readonly user: 'root'
  /** Private key text that it lets in, and its file. */
  readonly privateKey: string
  readonly keyFile: string
  /** `ssh-ed25519 AAAA… comment` */
  readonly hostKey: string
  readonly dir: string
  readonly pid: number
  /** Present with `isApart`. */
  readonly network?: NetNamespace
  log(): Promise<string>
  /** Stops the listener and every session of it. */
  stop(): Promise<void>
  /** Processes of sessions that it serves now. */
  sessions(): Promise<number[]>
  /** Kills them all. */
  cutSessions(): Promise<void>
  /** Shows this host key (private key text) to whoever connects from now on. Sessions that stand are cut. */
  showKey(privateKey: string): Promise<void>
}

export async function startSshHost(options: SshHostOptions = {}): Promise<SshHost> {
  await needs('sshd', 'apt-get install openssh-server')
  // sshd asks for its empty folder; a package's service would have made it.
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
  return allOrNothing((cleanup) => startIn(cleanup, options))
}

async function startIn(cleanup: Cleanup, options: SshHostOptions): Promise<SshHost> {
  const dir = await mkdtemp(`/tmp/slt-ssh-${randomBytes(2).toString('hex')}-`)
  cleanup.add(() => rm(dir, { recursive: true, force: true }))
  const network = options.isApart ? await makeNetNamespace() : undefined
  if (network) cleanup.add(() => network.remove())
  const host = network?.address ?? '127.0.0.1'
  const port = options.port ?? (network ? 22 : await freePort())
  const keys = await writeKeys(dir, options.hostKey)
  const { banner = '' } = options
  await writeFile(join(dir, 'banner'), banner)
  const more = [...(options.config ?? []), ...(banner === '' ? [] : [`Banner ${join(dir, 'banner')}`])]
  await writeFile(join(dir, 'sshd_config'), configText({ dir, host, port, more }))
  const child = startSshd(join(dir, 'sshd_config'), network)
  const said = collect(child)
  const made = new OwnSshHost({ host, port, dir, keyFile: keys.keyFile, child, said }, cleanup)
  cleanup.add(() => made.end())
  const ready = (): boolean => {
    if (child.exitCode !== null) throw new Error(`sshd ended at its start:\n${said()}`)
    return said().includes('Server listening')
  }
  await waitFor(ready, { timeoutMs: 20_000, what: 'sshd to listen' })
  const { privateKey, hostKey } = keys
  return Object.assign(made, { privateKey, hostKey, user: 'root' as const, ...(network && { network }) })
}

async function writeKeys(
  dir: string,
  hostKey: string | undefined,
): Promise<{ privateKey: string; keyFile: string; hostKey: string }> {
  const host = hostKey === undefined ? newKeyPair('test host') : { privateKey: hostKey, publicKey: '' }
  const user = newKeyPair('test user')
  const keyFile = join(dir, 'id_ed25519')
  await writeFile(join(dir, 'host_key'), host.privateKey, { mode: 0o600 })
  await writeFile(keyFile, user.privateKey, { mode: 0o600 })
  await writeFile(`${keyFile}.pub`, `${user.publicKey}\n`)
  await writeFile(join(dir, 'authorized_keys'), `${user.publicKey}\n`, { mode: 0o600 })
  return { privateKey: user.privateKey, keyFile, hostKey: host.publicKey }
}

function startSshd(config: string, network: NetNamespace | undefined): ChildProcess {
  const sshd = ['/usr/sbin/sshd', '-D', '-e', '-f', config]
  const [program, ...args] = network ? ['ip', 'netns', 'exec', network.name, ...sshd] : sshd
  return spawn(program as string, args, { stdio: ['ignore', 'ignore', 'pipe'], detached: true })
}

function configText(of: { dir: string; host: string; port: number; more: readonly string[] }): string {
  return [
    ...of.more,
    `Port ${of.port}`,
    `ListenAddress ${of.host}`,
    `HostKey ${join(of.dir, 'host_key')}`,
    `AuthorizedKeysFile ${join(of.dir, 'authorized_keys')}`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'UseDNS no',
    'PermitRootLogin yes',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'StreamLocalBindUnlink yes',
    'MaxSessions 200',
    'MaxStartups 100:30:200',
    'LogLevel VERBOSE',
    '',
  ].join('\n')
}

function collect(child: ChildProcess): () => string {
  let text = ''
  child.stderr?.setEncoding('utf8')
  child.stderr?.on('data', (chunk: string) => (text = (text + chunk).slice(-200_000)))
  return () => text
}

interface Made {
  readonly host: string
  readonly port: number
  readonly dir: string
  readonly keyFile: string
  readonly child: ChildProcess
  readonly said: () => string
}

class OwnSshHost {
  readonly host: string
  readonly port: number
  readonly dir: string
  readonly keyFile: string
  readonly pid: number

  constructor(
    private readonly made: Made,
    private readonly cleanup: Cleanup,
  ) {
    this.host = made.host
    this.port = made.port
    this.dir = made.dir
    this.keyFile = made.keyFile
    this.pid = made.child.pid ?? 0
  }

  log(): Promise<string> {
    return Promise.resolve(this.made.said())
  }

  async sessions(): Promise<number[]> {
    // `ip netns exec` becomes sshd itself, so its children are the sessions in both cases.
    const text = await readFile(`/proc/${this.pid}/task/${this.pid}/children`, 'utf8').catch(() => '')
    return text.split(' ').filter(Boolean).map(Number)
  }

  async cutSessions(): Promise<void> {
    for (const pid of await this.sessions()) send(pid, 'SIGKILL')
  }

  async showKey(privateKey: string): Promise<void> {
    await writeFile(join(this.dir, 'host_key'), privateKey, { mode: 0o600 })
    // It starts itself anew at a SIGHUP, in the same process, and says once more that it listens.
    const starts = (): number => this.made.said().split('Server listening').length
    const before = starts()
    const sessions = await this.sessions()
    process.kill(this.pid, 'SIGHUP')
    await waitFor(() => starts() > before, { timeoutMs: 20_000, what: 'sshd to listen again' })
    for (const pid of sessions) end(pid)
  }

  stop(): Promise<void> {
    return this.cleanup.close()
  }

  /** The listener and its sessions. */
  async end(): Promise<void> {
    const { child } = this.made
    const sessions = await this.sessions()
    // One that could not be started has no process and never exits.
    const isRunning = child.pid !== undefined && child.exitCode === null && child.signalCode === null
    const ended = isRunning && new Promise((resolve) => child.once('exit', resolve))
    for (const pid of sessions) end(pid)
    if (!isRunning) return
    end(this.pid)
    await ended
  }
}

function end(pid: number): void {
  for (const signal of ['SIGCONT', 'SIGTERM'] as const) send(pid, signal)
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // Ended by itself.
  }
}
