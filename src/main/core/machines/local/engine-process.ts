import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { request } from 'node:http'
import { join } from 'node:path'
import { waitFor } from '../../platform/wait-for'

/** Where an engine of ours keeps everything. */
export interface EngineFolders {
  readonly data: string
  readonly exec: string
  readonly socket: string
  readonly pid: string
  readonly log: string
  readonly config: string
}

/** The bridge of an engine and the first two numbers of its addresses: `10.213`. */
export interface EngineNetwork {
  readonly pool: string
  readonly bridge: string
}

const containerdLimitMs = 20_000

/**
 * Starts a containerd of the engine's own. Left to itself dockerd takes the host's where one runs, and
 * would share its containers' names with the host's engine there.
 */
export async function startContainerd(folders: EngineFolders, signal?: AbortSignal): Promise<ChildProcess> {
  const state = join(folders.exec, 'containerd')
  const address = containerdSocket(folders)
  mkdirSync(state, { recursive: true, mode: 0o711 })
  const config = join(state, 'config.toml')
  await writeFile(config, containerdConfig(join(folders.data, 'containerd'), state))
  const child = spawnDaemon('containerd', ['--config', config], folders.log)
  const isUp = async (): Promise<boolean> => {
    if (hasEnded(child)) throw new Error('containerd ended at its start')
    return (await listenerAt(address)) === 'there'
  }
  try {
    await waitFor(isUp, { timeoutMs: containerdLimitMs, what: 'containerd', ...(signal && { signal }) })
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
  return child
}

export const containerdSocket = (folders: EngineFolders): string =>
  join(folders.exec, 'containerd', 'containerd.sock')

const containerdConfig = (root: string, state: string): string => `version = 2
root = ${JSON.stringify(root)}
state = ${JSON.stringify(join(state, 'state'))}
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = ${JSON.stringify(join(state, 'containerd.sock'))}
[ttrpc]
  address = ${JSON.stringify(join(state, 'containerd.sock.ttrpc'))}
[debug]
  level = "warn"
`

/**
 * The command line that keeps an engine apart from every other on this host. Rules of iptables are the
 * host's: dockerd would rewrite chains that all engines share, so it makes none; published ports go
 * through its own proxy, and `firewall.ts` adds what the way out needs.
 */
export const dockerdArgs = (folders: EngineFolders, network: EngineNetwork | undefined): string[] => [
  ...['--data-root', folders.data, '--exec-root', folders.exec, '--pidfile', folders.pid],
  ...['--host', `unix://${folders.socket}`, '--config-file', folders.config],
  ...['--containerd', containerdSocket(folders)],
  // Not the host's docker group: who is in that may use the host's engine, not this one.
  ...['--group', '0'],
  '--iptables=false',
  '--ip6tables=false',
  ...(network
    ? ['--bridge', network.bridge, '--default-address-pool', `base=${network.pool}.0.0/16,size=24`]
    : ['--bridge', 'none']),
]

/** In a session of its own: a Ctrl-C at our terminal is not meant for the engine. */
export function spawnDaemon(command: string, args: readonly string[], logFile: string): ChildProcess {
  const out = openSync(logFile, 'a', 0o600)
  try {
    const child = spawn(command, args, { stdio: ['ignore', out, out], detached: true })
    // What cannot be started has no pid: that is how its starter sees it.
    child.on('error', () => undefined)
    child.unref()
    return child
  } finally {
    closeSync(out)
  }
}

export const hasEnded = (child: ChildProcess): boolean =>
  child.pid === undefined || child.exitCode !== null || child.signalCode !== null

/**
 * Whether somebody listens on a socket. `unknown` when that could not be asked: no descriptor is left, their queue is
 * full, nothing came in time. It tells nothing about who should be there.
 */
export function listenerAt(path: string, timeoutMs = 2000): Promise<'there' | 'gone' | 'unknown'> {
  return new Promise((resolve) => {
    const socket = connect(path)
    const settle = (found: 'there' | 'gone' | 'unknown'): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(found)
    }
    const timer = setTimeout(() => settle('unknown'), timeoutMs)
    socket.once('connect', () => settle('there'))
    socket.on('error', ({ code }: NodeJS.ErrnoException) =>
      settle(code === 'ECONNREFUSED' || code === 'ENOENT' ? 'gone' : 'unknown'),
    )
  })
}

/** True when an engine answers `_ping` with 200 in time. */
export function ping(socketPath: string, timeoutMs = 2000): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, path: '/_ping', agent: false }, (answer) => {
      answer.resume()
      clearTimeout(timer)
      resolve(answer.statusCode === 200)
    })
    const timer = setTimeout(() => asked.destroy(), timeoutMs)
    asked.on('error', () => {
      clearTimeout(timer)
      resolve(false)
    })
    asked.end()
  })
}
