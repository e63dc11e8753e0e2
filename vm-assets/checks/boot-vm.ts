// Boots the built image by QEMU, with nothing of the app in between: what fails here is the image's own fault.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { hostArch } from '../../scripts/vm/arch'
import { packCpio, type CpioEntry } from '../../scripts/vm/cpio'
import { newKeyPair } from '../../src/main/core/tunnel/keys'

const commonArgs =
  'quiet loglevel=0 mitigations=off nokaslr audit=0 lsm=capability cryptomgr.notests rcupdate.rcu_expedited=1 nowatchdog'

/** What differs between the two computers that QEMU plays. */
const computers = {
  amd64: {
    program: 'qemu-system-x86_64',
    machine: ['-M', 'q35', '-cpu', 'max'],
    kernelArgs:
      'console=ttyS0 tsc=reliable no_timer_check clearcpuid=cx16 i8042.nokbd i8042.noaux i8042.nopnp i8042.dumbkbd ' +
      '8250.nr_uarts=1 random.trust_cpu=on',
  },
  arm64: {
    program: 'qemu-system-aarch64',
    machine: ['-M', 'virt', '-cpu', 'cortex-a72'],
    kernelArgs: 'console=ttyAMA0',
  },
} as const

/**
 * Emulated side by side, processors of QEMU 7.2 now and then reset a machine in the middle of its start. What is
 * asked here is about the image: one is enough.
 */
const oneProcessor = ['-smp', '1']

export interface BootOptions {
  /** A folder of the image. */
  readonly image: string
  readonly data: string
  readonly memoryMiB?: number
  /** Further files of `/inject`. */
  readonly inject?: Readonly<Record<string, string>>
  readonly kernelArgs?: string
  readonly accel?: string
  /** Of the image. Default: this computer's. */
  readonly arch?: keyof typeof computers
}

export interface Answer {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** One boot. `close` ends it, however it stands. */
export class BootedVm {
  console = ''
  readonly ended: Promise<number | null>
  #ssh: ssh2.Client | undefined

  constructor(
    readonly child: ChildProcess,
    readonly port: number,
    readonly key: string,
  ) {
    child.stdout?.on('data', (chunk: Buffer) => (this.console += chunk.toString('latin1')))
    child.stderr?.on('data', (chunk: Buffer) => (this.console += chunk.toString('latin1')))
    this.ended = new Promise((resolve) => child.on('exit', (code) => resolve(code)))
  }

  /** The whole lines that the machine has told so far. */
  get told(): string[] {
    const lines = this.console.split(/\r?\n/).slice(0, -1)
    return lines.filter((line) => line.startsWith('slipway: '))
  }

  /** Waits until the machine has told a line that begins so; answers the line. */
  async waitFor(start: string, timeoutMs = 120_000): Promise<string> {
    const endMs = Date.now() + timeoutMs
    for (;;) {
      const line = this.told.find((one) => one.startsWith(`slipway: ${start}`))
      if (line) return line
      if (this.child.exitCode !== null)
        throw new Error(`QEMU ended before ${start}:\n${this.console.slice(-2000)}`)
      if (Date.now() > endMs) throw new Error(`No ${start} in time:\n${this.console.slice(-2000)}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  /** Runs a command in the machine as its host does. */
  async run(command: string, input = ''): Promise<Answer> {
    const client = (this.#ssh ??= await this.#connect())
    return new Promise((resolve, reject) => {
      client.exec(command, (error, channel) => {
        if (error) return reject(error)
        let stdout = ''
        let stderr = ''
        let code = -1
        channel.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
        channel.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
        channel.on('exit', (status: number | null) => (code = status ?? -1))
        channel.on('close', () => resolve({ code, stdout, stderr }))
        channel.end(input)
      })
    })
  }

  async #connect(): Promise<ssh2.Client> {
    await this.waitFor('sshd')
    const client = new ssh2.Client()
    const ready = new Promise<void>((resolve, reject) => {
      client.on('ready', resolve)
      client.on('error', reject)
    })
    client.on('close', () => (this.#ssh = undefined))
    client.connect({
      host: '127.0.0.1',
      port: this.port,
      username: 'root',
      privateKey: this.key,
      readyTimeout: 60_000,
    })
    await ready
    return client
  }

  /** The end that a person asks for. */
  async shutDown(): Promise<void> {
    await this.run('/usr/libexec/slipway/guest shutdown').catch(() => undefined)
    await this.ended
  }

  async kill(): Promise<void> {
    this.#ssh?.destroy()
    this.child.kill('SIGKILL')
    await this.ended
  }
}

/** A sparse disk that holds nothing. */
export async function newDisk(path: string, sizeBytes: number): Promise<string> {
  const file = await open(path, 'wx')
  await file.truncate(sizeBytes)
  await file.close()
  return path
}

export async function bootVm(options: BootOptions): Promise<BootedVm> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-vm-'))
  const keys = sshKeys()
  const initrd = join(folder, 'initrd.img')
  const config = { ...keys.files, hostname: 'check\n', ...options.inject }
  await writeFile(
    initrd,
    Buffer.concat([await readFile(join(options.image, 'initrd.img')), injected(config)]),
  )
  const port = await freePort()
  const child = spawn(computerOf(options).program, qemuArgs(options, initrd, port), {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.on('exit', () => void rm(folder, { recursive: true, force: true }))
  return new BootedVm(child, port, keys.userKey)
}

const computerOf = ({ arch = hostArch() }: BootOptions) => computers[arch]

function qemuArgs(options: BootOptions, initrd: string, port: number): string[] {
  const { image, data, memoryMiB = 1024, ...more } = options
  const computer = computerOf(options)
  return [
    ...[
      '-nodefaults',
      '-no-user-config',
      '-display',
      'none',
      ...computer.machine,
      ...oneProcessor,
      '-no-reboot',
    ],
    ...['-accel', more.accel ?? 'tcg,thread=multi', '-m', String(memoryMiB)],
    ...['-kernel', join(image, 'vmlinuz'), '-initrd', initrd],
    ...['-append', [computer.kernelArgs, commonArgs, more.kernelArgs ?? ''].join(' ')],
    ...['-drive', `if=none,id=root,file=${join(image, 'root.erofs')},format=raw,readonly=on`],
    ...['-device', 'virtio-blk-pci,drive=root'],
    ...[
      '-drive',
      `if=none,id=data,file=${data},format=raw,cache=writeback,discard=unmap,detect-zeroes=unmap`,
    ],
    ...['-device', 'virtio-blk-pci,drive=data'],
    ...[
      '-netdev',
      `user,id=net,hostfwd=tcp:127.0.0.1:${port}-:22`,
      '-device',
      'virtio-net-pci,netdev=net,romfile=',
    ],
    ...['-chardev', 'stdio,id=serial,signal=off', '-serial', 'chardev:serial'],
    ...['-device', 'virtio-balloon-pci,free-page-reporting=on'],
  ]
}

function injected(files: Readonly<Record<string, string>>): Buffer {
  const entries: CpioEntry[] = [{ path: 'inject', mode: 0o040755 }]
  const folders = new Set(
    Object.keys(files).flatMap((name) => (name.includes('/') ? [name.split('/')[0]] : [])),
  )
  for (const folder of folders) entries.push({ path: `inject/${folder}`, mode: 0o040755 })
  for (const [name, text] of Object.entries(files))
    entries.push({ path: `inject/${name}`, mode: 0o100600, bytes: Buffer.from(text) })
  return packCpio(entries)
}

function sshKeys(): { files: Record<string, string>; userKey: string } {
  const [host, user] = [newKeyPair('host'), newKeyPair('checks')]
  const files = { ssh_host_ed25519_key: host.privateKey, authorized_keys: `${user.publicKey}\n` }
  return { files, userKey: user.privateKey }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}
