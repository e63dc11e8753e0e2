/** What a fake Hyper-V holds, in a folder: it lasts from one PowerShell to the next, as the real one's does. */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

export interface FakeDisk {
  readonly place: number
  readonly path: string
}

export interface FakeVm {
  readonly Id: string
  Name: string
  State: 'Off' | 'Starting' | 'Running' | 'Saving' | 'Saved'
  Notes: string
  CPUUsage: number
  MemoryAssigned: number
  readonly settings: Record<string, unknown>
  readonly disks: FakeDisk[]
  /** Of the guest while it runs. */
  pid?: number
  /** What its state becomes by itself, whoever looks on. */
  turns?: { readonly into: FakeVm['State']; readonly atMs: number }
}

export class World {
  constructor(readonly folder: string) {}

  /** Only who takes it away again makes it: a PowerShell that comes later ends for want of a world. */
  static make(folder: string): World {
    const world = new World(folder)
    mkdirSync(join(folder, 'vms'), { recursive: true })
    return world
  }

  vms(): FakeVm[] {
    const files = readdirSync(join(this.folder, 'vms')).filter((name) => name.endsWith('.json'))
    return files.flatMap((name) => {
      const vm = this.#read(join(this.folder, 'vms', name))
      return vm ? [vm] : []
    })
  }

  /** Another may take it away meanwhile. */
  #read(path: string): FakeVm | undefined {
    try {
      return asOfNow(JSON.parse(readFileSync(path, 'utf8')) as FakeVm, path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
  }

  vm(id: string): FakeVm | undefined {
    return this.vms().find((vm) => vm.Id === id)
  }

  add(name: string): FakeVm {
    const vm: FakeVm = {
      ...{ Id: randomUUID(), Name: name, State: 'Off', Notes: '', CPUUsage: 0, MemoryAssigned: 0 },
      ...{ settings: {}, disks: [] },
    }
    this.keep(vm)
    return vm
  }

  /** Under a name that no other writer has, until it is whole. */
  keep(vm: FakeVm): void {
    const path = this.fileOf(vm.Id)
    const beside = `${path}.${process.pid}-${randomUUID()}`
    writeFileSync(beside, JSON.stringify(vm))
    renameSync(beside, path)
  }

  /**
   * One cmdlet has the world at a time, also of two PowerShells: what one has read and changed would else be written
   * over what the other has. A lock whose holder was killed counts for nothing.
   */
  exclusively<T>(work: () => T): T {
    const lock = join(this.folder, 'lock')
    const own = `${lock}.${process.pid}`
    writeFileSync(own, String(process.pid))
    try {
      while (!hasLinked(own, lock)) {
        if (!isHeld(lock)) rmSync(lock, { force: true })
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2)
      }
    } finally {
      rmSync(own)
    }
    try {
      return work()
    } finally {
      rmSync(lock)
    }
  }

  remove(id: string): void {
    rmSync(this.fileOf(id), { force: true })
  }

  fileOf(id: string): string {
    return join(this.folder, 'vms', `${id}.json`)
  }

  /** The guest is a process of its own: it goes on when its PowerShell ends. It runs after `startMs`. */
  start(vm: FakeVm, startMs = 0): void {
    const way = vm.State === 'Saved' ? 'resume' : 'cold'
    const pipe = pipeSocket(this.folder, String(vm.settings['ComPort']))
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'guest.mjs'), pipe, this.fileOf(vm.Id), way],
      {
        detached: true,
        stdio: 'ignore',
      },
    )
    child.unref()
    Object.assign(vm, {
      ...(startMs === 0 ? { State: 'Running' } : toward('Starting', 'Running', startMs)),
      pid: child.pid,
      CPUUsage: 3,
      MemoryAssigned: vm.settings['StartupBytes'],
    })
    this.keep(vm)
  }

  /** Ends the guest at once; its memory is saved after `saveMs`. */
  cut(vm: FakeVm, state: 'Off' | 'Saved', saveMs = 0): void {
    Object.assign(vm, { State: state, CPUUsage: 0, MemoryAssigned: 0 })
    if (saveMs > 0) Object.assign(vm, toward('Saving', state, saveMs))
    this.keep(vm)
    if (vm.pid !== undefined) signal(vm.pid, 'SIGKILL')
  }

  pressButton(vm: FakeVm): void {
    if (vm.pid !== undefined) signal(vm.pid, 'SIGTERM')
  }

  /** A line for each call: the cmdlet, then its parameters; a VM or disk by its name. */
  record(name: string, values: ReadonlyMap<string, unknown>): void {
    const words = [...values].map(([key, value]) => (value === true ? `-${key}` : `-${key} ${nameOf(value)}`))
    appendFileSync(join(this.folder, 'calls.log'), `${[name, ...words].join(' ')}\n`)
  }

  hasFile(path: string): boolean {
    return existsSync(path)
  }
}

const toward = (State: FakeVm['State'], into: FakeVm['State'], ms: number): Partial<FakeVm> => ({
  ...{ State, turns: { into, atMs: Date.now() + ms } },
})

/** A guest that powered off by itself has said so beside the VM's file, which it never writes. */
function asOfNow(vm: FakeVm, path: string): FakeVm {
  if (vm.turns && Date.now() >= vm.turns.atMs) {
    vm.State = vm.turns.into
    delete vm.turns
  }
  const isDown = vm.State === 'Running' && vm.pid !== undefined && existsSync(`${path}.down-${vm.pid}`)
  return isDown ? Object.assign(vm, { State: 'Off', CPUUsage: 0, MemoryAssigned: 0 }) : vm
}

/** Linked, so that nobody ever sees a lock without its holder. */
function hasLinked(own: string, lock: string): boolean {
  try {
    linkSync(own, lock)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function isHeld(lock: string): boolean {
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0)
    return true
  } catch (error) {
    // It was let go of meanwhile: it is nobody's to take away.
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
  }
}

function nameOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const { Name, path } = value as { Name?: string; path?: string }
  return `<${Name ?? path ?? 'object'}>`
}

/** Where a named pipe of Windows is in a world of unix sockets. */
export const pipeSocket = (folder: string, pipe: string): string =>
  join(folder, `${pipe.replace('\\\\.\\pipe\\', '')}.sock`)

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended by itself.
  }
}
