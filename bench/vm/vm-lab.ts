import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs'
import { request, type Agent } from 'node:http'
import { join } from 'node:path'
import { runTool } from '../../scripts/vm/shell'
import { waitFor } from '../../src/main/core/platform/wait-for'
import type { MachineId } from '../../src/shared/model'
import { testImage } from '../../testing/engine/images'
import { bootMs, RealLab } from '../../testing/vm/real-lab'
import { loadProbe, probeImage } from './probe'
import { sshConfig, type SshTarget } from './ssh-target'
import { freePort } from '../../testing/ports/free-port'

export const shape = { cpus: 2, memoryMiB: 2048 } as const

/** What a row gets: one machine of a core of its own, on the real image. */
export class VmLab {
  readonly #real = new RealLab()
  readonly #children = new Set<ChildProcess>()
  readonly #atEnd: (() => Promise<unknown>)[] = []
  /** A folder of the host that the machine shares. */
  readonly shared = join(this.#real.dir, 'home', 'shared')
  machine = '' as MachineId
  #closing: Promise<void> | undefined

  private constructor(
    readonly isQuick: boolean,
    readonly pairs: number,
  ) {}

  static async open(options: { isQuick: boolean; pairs: number }): Promise<VmLab> {
    const lab = new VmLab(options.isQuick, options.pairs)
    try {
      await lab.#make()
      return lab
    } catch (error) {
      await lab.close()
      throw error
    }
  }

  async #make(): Promise<void> {
    mkdirSync(this.shared, { recursive: true })
    await this.#real.open()
    const { settings } = await this.call('machines.propose', {})
    const own = { name: 'bench', ...shape, diskGiB: 24, startsWithApp: false }
    const shares = [{ path: this.shared, isReadOnly: false }]
    const made = await this.call('machines.create', { settings: { ...settings, ...own, shares } })
    this.machine = made.machine
  }

  readonly call: RealLab['call'] = (name, args) => this.#real.call(name, args)

  get paths() {
    return this.#real.core.paths.machine(this.machine)
  }

  get pid(): number {
    return this.#real.pidOf(this.machine)
  }

  get dir(): string {
    return this.#real.dir
  }

  facts() {
    return this.#real.machine(this.machine)
  }

  untilState(kind: Parameters<RealLab['untilState']>[1]) {
    return this.#real.untilState(this.machine, kind)
  }

  /** The machine runs, and its engine has the images that rows use. */
  async up(): Promise<void> {
    await this.call('machines.start', { machine: this.machine })
    await this.#real.untilEngine(this.machine)
    const there = await this.docker('images', '-q', probeImage)
    if (there !== '') return
    await testImage(this.paths.engineSocket)
    await loadProbe(this.paths.engineSocket)
  }

  /** One request over a connection of its own to the engine's socket on the host. */
  ask(path: string, agent?: Agent): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const { engineSocket: socketPath } = this.paths
      const asked = request({ socketPath, path, agent: agent ?? false }, (answer) => {
        answer.resume()
        answer.on('end', () => resolve(answer.statusCode))
      })
      asked.on('error', reject)
      asked.end()
    })
  }

  /** The CLI at our socket, to its end; answers its stdout. */
  async docker(...args: string[]): Promise<string> {
    return (await runTool('docker', ['-H', `unix://${this.paths.engineSocket}`, ...args])).trim()
  }

  /** The CLI over its own SSH road to the same engine. */
  async dockerOverSsh(...args: string[]): Promise<string> {
    const { port } = this.ssh
    const bin = join(this.dir, 'bin')
    mkdirSync(bin, { recursive: true })
    const path = join(bin, 'ssh')
    writeFileSync(path, `#!/bin/sh\nexec /usr/bin/ssh -F ${sshConfig(this.ssh, this.dir)} "$@"\n`)
    chmodSync(path, 0o755)
    const env = { PATH: `${bin}:${process.env['PATH'] ?? ''}` }
    return (await runTool('docker', ['-H', `ssh://root@127.0.0.1:${port}`, ...args], { env })).trim()
  }

  /** OpenSSH to the running machine. */
  get ssh(): SshTarget {
    const { userKey, hostKeyPublic } = this.paths
    const hostKey = readFileSync(hostKeyPublic, 'utf8').split(' ').slice(0, 2).join(' ')
    return { port: sshPortOf(this.pid), keyFile: userKey, hostKey: hostKey.trim() }
  }

  /** `ssh -N -L` to a port of the machine, ready when its local port listens. */
  async sshForward(guestPort: number): Promise<{ port: number; stop: () => void }> {
    const port = await freePort()
    const forward = `127.0.0.1:${port}:127.0.0.1:${guestPort}`
    const child = this.spawned('ssh', ['-F', sshConfig(this.ssh, this.dir), '-N', '-L', forward, '127.0.0.1'])
    await waitFor(() => listeningPorts(child.pid ?? -1).includes(port), {
      ...{ timeoutMs: 60_000, what: 'ssh -L to listen' },
    })
    return { port, stop: () => void child.kill() }
  }

  /** A child that ends with the lab at the latest. */
  spawned(command: string, args: readonly string[]): ChildProcess {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stderr.resume()
    this.#children.add(child)
    child.once('exit', () => this.#children.delete(child))
    return child
  }

  /** Called when the lab closes, also on Ctrl-C. Returns the undo. */
  atEnd(work: () => Promise<unknown>): () => void {
    this.#atEnd.push(work)
    return () => void this.#atEnd.splice(this.#atEnd.indexOf(work), 1)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL')
    for (const work of this.#atEnd) await work().catch(() => undefined)
    const { machine } = this
    if (machine !== '') await this.call('machines.stop', { machine, how: 'kill' }).catch(() => undefined)
    await this.#real.close()
    this.#real.remove()
  }
}

/** Waits of rows for something of the machine. */
export const waitMs = bootMs

/** The one port that a QEMU without published ports listens on. */
function sshPortOf(pid: number): number {
  const port = listeningPorts(pid).find((each) => each >= 20_000 && each < 32_000)
  if (port === undefined) throw new Error('the machine has no SSH port')
  return port
}

/** TCP ports of IPv4 that a process listens on, from /proc. */
function listeningPorts(pid: number): number[] {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      const found = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))
      return found?.[1] === undefined ? [] : [found[1]]
    }),
  )
  const rows = readFileSync('/proc/net/tcp', 'utf8').trim().split('\n').slice(1)
  return rows.flatMap((row) => {
    const fields = row.trim().split(/\s+/)
    const isListening = fields[3] === '0A' && sockets.has(fields[9] ?? '')
    return isListening ? [parseInt(fields[1]?.split(':')[1] ?? '', 16)] : []
  })
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    // It was closed between the listing and the reading.
    return ''
  }
}
