import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runTool } from '../../../scripts/vm/shell'
import { waitFor } from '../../../src/main/core/platform/wait-for'
import { openGuest, type TunnelGuest } from '../../../src/main/core/tunnel/guest'
import { freePort } from '../../../testing/ports/free-port'
import { sshRun, type SshTarget } from '../ssh-target'
import { sshIsThere, type StockImage } from './build-stock'

/** A boot of a busy, emulated machine. */
const bootMs = 300_000

/**
 * Emulated by QEMU 7.2 the kernel panicked in four boots of four, each time behind a `cmpxchg16b` in its allocator
 * and with flags that cannot be; without the instruction it takes another way, and in none of four.
 */
const emulatedCpu = 'max,-cx16'

/** Peers that run: none outlives this process. */
const running = new Set<ChildProcess>()
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')))

/** How the peer gets the same processor, memory and devices as ours, by the flags that a person would write. */
export interface StockShape {
  readonly cpus: number
  readonly memoryMiB: number
  readonly accelerator: string
}

/** One boot of the peer on a throw-away layer over its disk. */
export class StockVm {
  readonly #dir = mkdtempSync(join(tmpdir(), 'slb-stock-'))
  #child: ChildProcess | undefined
  #guest: TunnelGuest | undefined
  #console = ''
  sshMs = Number.NaN
  engineMs = Number.NaN

  private constructor(
    private readonly image: StockImage,
    private readonly port: number,
  ) {}

  /**
   * Resolves when its engine has answered. What was measured stands in `sshMs` and `engineMs`. An emulated kernel
   * panics now and then, for reasons of the emulation: such a boot is said, does not count, and is done again.
   */
  static async boot(image: StockImage, shape: StockShape, disk?: string): Promise<StockVm> {
    for (let tries = 1; ; tries++) {
      const vm = new StockVm(image, await freePort())
      try {
        await vm.#boot(shape, disk)
        return vm
      } catch (error) {
        await vm.kill()
        const isPanic = /Kernel panic/.test(vm.#console)
        if (!isPanic || tries === 3) throw vm.#notStarted(error)
        console.log('  the kernel of the peer panicked: once more')
      }
    }
  }

  get pid(): number {
    return this.#child?.pid ?? -1
  }

  get ssh(): SshTarget {
    return { port: this.port, keyFile: this.image.userKey, hostKey: this.image.hostKey }
  }

  #notStarted(cause: unknown): Error {
    return new Error(`the peer did not start: ${String(cause)}\n${this.#console.slice(-2000)}`, { cause })
  }

  async kill(): Promise<void> {
    this.#guest?.close()
    const child = this.#child
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
    }
    rmSync(this.#dir, { recursive: true, force: true })
  }

  async powerOff(): Promise<void> {
    await sshRun(this.ssh, 'systemctl poweroff').catch(() => '')
    await waitFor(() => this.#child?.exitCode !== null, { timeoutMs: bootMs, what: 'the end of the peer' })
    await this.kill()
  }

  async #boot(shape: StockShape, disk: string | undefined): Promise<void> {
    const layer = join(this.#dir, 'layer.qcow2')
    const over = ['-f', 'qcow2', '-b', this.image.disk, '-F', 'raw', layer]
    if (disk === undefined) await runTool('qemu-img', ['create', '-q', ...over])
    const drive = disk === undefined ? `file=${layer},format=qcow2` : `file=${disk},format=raw`
    const startMs = performance.now()
    this.#child = this.#start(shape, drive)
    // A door that is knocked at before it is there answers minutes late: the console says when.
    await this.#said(sshIsThere)
    this.#guest = await waitFor(() => this.#login(), { timeoutMs: bootMs, what: 'SSH of the peer' })
    this.sshMs = performance.now() - startMs
    await this.#version(this.#guest)
    this.engineMs = performance.now() - startMs
  }

  #start({ cpus, memoryMiB, accelerator }: StockShape, drive: string): ChildProcess {
    const isArm = process.arch === 'arm64'
    const console = isArm ? 'ttyAMA0' : 'ttyS0'
    const child = spawn(isArm ? 'qemu-system-aarch64' : 'qemu-system-x86_64', [
      ...['-M', isArm ? 'virt' : 'q35', '-accel', accelerator],
      ...['-cpu', accelerator === 'tcg' ? emulatedCpu : 'host', '-smp', `${cpus}`, '-m', `${memoryMiB}M`],
      ...['-kernel', this.image.kernel, '-initrd', this.image.initrd],
      ...['-append', `console=${console} quiet root=/dev/vda rw panic=-1`],
      ...['-drive', `${drive},if=virtio`, '-nographic', '-no-reboot'],
      ...['-nic', `user,model=virtio-net-pci,hostfwd=tcp:127.0.0.1:${this.port}-:22`],
    ])
    running.add(child)
    child.once('exit', () => running.delete(child))
    const hear = (bytes: Buffer): void => void (this.#console += bytes.toString('latin1'))
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    return child
  }

  async #said(words: string): Promise<void> {
    await waitFor(
      () => {
        if (this.#child?.exitCode !== null) throw new Error('QEMU ended')
        return this.#console.includes(words)
      },
      { timeoutMs: bootMs, what: `the peer to say ${words}`, everyMs: 10 },
    )
  }

  async #login(): Promise<TunnelGuest | undefined> {
    const address = {
      ...{ host: '127.0.0.1', port: this.port, hostKey: this.image.hostKey },
      ...{ privateKey: readFileSync(this.image.userKey, 'utf8') },
      limits: { connectMs: 60_000, loginMs: 60_000, channelMs: 300_000 },
    }
    return openGuest(address, AbortSignal.timeout(bootMs)).catch(() => undefined)
  }

  /** Over a channel of that one connection: the shortest road there is, shorter than `docker -H ssh://`. */
  async #version(guest: TunnelGuest): Promise<void> {
    const socket = await waitFor(
      () => guest.dialUnix('/run/docker.sock', AbortSignal.timeout(bootMs)).catch(() => undefined),
      { timeoutMs: bootMs, what: 'the socket of the peer', everyMs: 20 },
    )
    const code = await new Promise<number | undefined>((resolve, reject) => {
      const asked = request({ createConnection: () => socket, path: '/version' }, (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      })
      asked.on('error', reject)
      asked.end()
    })
    if (code !== 200) throw new Error(`the engine of the peer answered ${code}`)
    socket.destroy()
  }
}
