import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import type { AcceleratorName } from '../../src/main/core/machines/qemu/qemu-args'
import { QemuBackend } from '../../src/main/core/machines/qemu/qemu-backend'
import { VmMachines } from '../../src/main/core/machines/vm/vm-machines'
import type { Backend } from '../../src/main/core/machines/vm/backend'
import type { Deadlines } from '../../src/main/core/machines/vm/boot/boot-timeline'
import type { VmMachine } from '../../src/main/core/machines/vm/vm-machine'
import { pathsOf, type Paths } from '../../src/main/core/platform/paths'
import { waitFor } from '../../src/main/core/platform/wait-for'
import { machineSettingsSchema, type MachineSettings, type MachineState } from '../../src/shared/model'
import { FakeQemu } from '../fake-qemu/fake-qemu'
import { FakeGuests } from './fake-guest'

export interface MachineLabOptions {
  readonly accelerators?: readonly AcceleratorName[]
  /** Hypervisors beside QEMU. */
  readonly backends?: readonly Backend[]
  readonly deadlines?: Deadlines
  /** The folder of another lab, whose machines are opened. */
  readonly dir?: string
  readonly removeUnused?: () => Promise<void>
}

/** Machines on a fake QEMU, with fake guests, in a folder of their own. */
export class MachineLab {
  readonly dir: string
  readonly qemu: FakeQemu
  readonly guests = new FakeGuests()
  readonly paths: Paths
  readonly #opened: VmMachines[] = []

  constructor(private readonly options: MachineLabOptions = {}) {
    this.dir = options.dir ?? mkdtempSync(join(tmpdir(), 'slipway-vm-'))
    this.qemu = new FakeQemu(this.dir)
    this.paths = pathsOf(join(this.dir, 'data'), { env: {} })
    for (const name of ['vmlinuz', 'initrd.img', 'root.erofs', 'bootloader.efi'])
      writeFileSync(join(this.dir, name), name)
    this.guests.onShutdown = () => this.qemu.now('down')
  }

  /** Each core probes for itself. */
  newBackend(): QemuBackend {
    const { accelerators = ['tcg'] } = this.options
    return new QemuBackend({ ...{ platform: 'linux', arch: 'x64', accelerators }, env: this.qemu.env })
  }

  /** The machines of this folder, as a core that begins finds them. */
  async open(): Promise<VmMachines> {
    const image = {
      id: 'image-1',
      kernel: join(this.dir, 'vmlinuz'),
      initrd: join(this.dir, 'initrd.img'),
      root: join(this.dir, 'root.erofs'),
    }
    const machines = await VmMachines.open({
      dir: this.paths.machines,
      pathsOf: this.paths.machine,
      backends: [this.newBackend(), ...(this.options.backends ?? [])],
      images: {
        state: () => Promise.resolve({ way: 'ready', bytes: 0 }),
        ensure: () => Promise.resolve(image),
        find: (id) => Promise.resolve(id === image.id ? image : undefined),
        ...(this.options.removeUnused && { removeUnused: this.options.removeUnused }),
      },
      openGuest: this.guests.openGuest,
      newKeyPair: (comment) => ({
        privateKey: `private ${comment}\n`,
        publicKey: `ssh-ed25519 AAAA ${comment}`,
      }),
      companions: [],
      // A test in which something is never said has a short deadline of its own.
      deadlines: {
        ...{ kernel: 20_000, init: 20_000, sshd: 20_000, engine: 20_000, process: 30_000 },
        ...this.options.deadlines,
      },
    })
    this.#opened.push(machines)
    return machines
  }

  /** A new machine. */
  async machine(settings: Partial<MachineSettings> = {}): Promise<VmMachine> {
    return (await this.open()).create({ ...labSettings, ...settings })
  }

  async close(): Promise<void> {
    // The last opened is the one that holds what runs.
    for (const machines of this.#opened.reverse())
      for (const machine of machines.all) await machine.stop('kill')
    rmSync(this.dir, { recursive: true, force: true })
  }
}

export const labSettings = v.parse(machineSettingsSchema, {
  ...{ name: 'lab', backend: 'qemu', cpus: 2, memoryMiB: 1024, diskGiB: 4, startsWithApp: false },
})

/** Waits until the machine is in this state. */
export function untilState(
  machine: VmMachine,
  kind: MachineState['kind'],
  timeoutMs = 30_000,
): Promise<MachineState> {
  const what = `the state ${kind}`
  return waitFor(() => (machine.life.state.kind === kind ? machine.life.state : undefined), {
    timeoutMs,
    what,
  })
}
