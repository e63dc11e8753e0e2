/** What a fake Hyper-V holds, in a folder: it lasts from one PowerShell to the next, as the real one's does. */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
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
  State: 'Off' | 'Running' | 'Saved'
  Notes: string
  CPUUsage: number
  MemoryAssigned: number
  readonly settings: Record<string, unknown>
  readonly disks: FakeDisk[]
  /** Of the guest while it runs. */
  pid?: number
}

export class World {
  constructor(readonly folder: string) {
    mkdirSync(join(folder, 'vms'), { recursive: true })
  }

  vms(): FakeVm[] {
    const files = readdirSync(join(this.folder, 'vms')).filter((name) => name.endsWith('.json'))
    return files.map((name) => JSON.parse(readFileSync(join(this.folder, 'vms', name), 'utf8')) as FakeVm)
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

  keep(vm: FakeVm): void {
    const path = this.fileOf(vm.Id)
    writeFileSync(`${path}.new`, JSON.stringify(vm))
    renameSync(`${path}.new`, path)
  }

  remove(id: string): void {
    rmSync(this.fileOf(id), { force: true })
  }

  fileOf(id: string): string {
    return join(this.folder, 'vms', `${id}.json`)
  }

  /** The guest is a process of its own: it goes on when its PowerShell ends. */
  start(vm: FakeVm): void {
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
      State: 'Running',
      pid: child.pid,
      CPUUsage: 3,
      MemoryAssigned: vm.settings['StartupBytes'],
    })
    this.keep(vm)
  }

  /** Ends the guest at once. */
  cut(vm: FakeVm, state: 'Off' | 'Saved'): void {
    Object.assign(vm, { State: state, CPUUsage: 0, MemoryAssigned: 0 })
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
