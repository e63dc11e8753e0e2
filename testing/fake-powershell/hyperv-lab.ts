/** A machine's backend on a fake Hyper-V, with a spec whose files are there. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createVhdx } from '../../src/main/core/machines/hyperv/disk/vhdx'
import { hyperVBackend, type HyperVOptions } from '../../src/main/core/machines/hyperv/hyperv-backend'
import type { RunningVm, VmSpec } from '../../src/main/core/machines/vm/backend'
import { pathsOf } from '../../src/main/core/platform/paths'
import { waitFor } from '../../src/main/core/platform/wait-for'
import { pipeSocket, World, type FakeVm } from './world'

export const command = join(import.meta.dirname, 'powershell')
export const never = new AbortController().signal

export class HyperVLab {
  readonly folder = mkdtempSync('/tmp/slipway-hv-')
  readonly world = World.make(join(this.folder, 'world'))
  readonly spec: VmSpec
  /** Ended with the lab. */
  open: RunningVm[] = []

  constructor() {
    const files = pathsOf(this.folder, { env: {}, platform: 'linux' }).machine('m1')
    mkdirSync(files.dir, { recursive: true })
    const put = (name: string): string => {
      writeFileSync(join(this.folder, name), Buffer.alloc(4096, name))
      return join(this.folder, name)
    }
    put('bootloader.efi')
    const dataDisk = { path: join(this.folder, '데이터.vhdx'), sizeBytes: 2 ** 30 }
    this.spec = {
      ...{ name: 'slipway-m1', runDir: files.run, files, cpus: 3, memoryMiB: 2048, dataDisk },
      image: { id: 'abc', kernel: put('vmlinuz'), initrd: put('initrd.img'), root: put('root.erofs') },
      configCpio: put('config.cpio'),
    }
  }

  static async open(): Promise<HyperVLab> {
    const lab = new HyperVLab()
    await createVhdx(lab.spec.dataDisk.path, lab.spec.dataDisk.sizeBytes)
    return lab
  }

  async close(): Promise<void> {
    delete process.env['FAKE_GUEST']
    await Promise.all(this.open.map((vm) => vm.kill()))
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** `mood`: the words of `FAKE_HYPERV`. */
  env(mood = ''): NodeJS.ProcessEnv {
    return { ...process.env, FAKE_HYPERV: mood, FAKE_HYPERV_DIR: this.world.folder }
  }

  backend(mood = '', more: HyperVOptions = {}) {
    return hyperVBackend({
      ...{ platform: 'win32', arch: 'x64' },
      powerShell: { command, env: this.env(mood), idleMs: 500 },
      pipePath: (name) => pipeSocket(this.world.folder, name),
      ...more,
    })
  }

  async start(backend = this.backend(), of = this.spec): Promise<RunningVm> {
    const vm = await backend.start(of, never)
    this.open.push(vm)
    return vm
  }

  /** The machine in the hands of another core, whose Windows has another mood. */
  async adopted(mood: string): Promise<RunningVm> {
    const first = await this.start()
    await listen(first).says('slipway: engine')
    first.release()
    const vm = await this.backend(mood).adopt(this.spec, never)
    if (!vm) throw new Error('not adopted')
    this.open = [vm]
    return vm
  }

  only(): FakeVm {
    return this.world.vms()[0] as FakeVm
  }
}

export function listen(vm: RunningVm): { text: () => string; says: (words: string) => Promise<boolean> } {
  const said: Uint8Array[] = []
  vm.onConsole((bytes) => said.push(bytes))
  const text = (): string => Buffer.concat(said).toString('utf8')
  return { text, says: (words) => waitFor(() => text().includes(words), { timeoutMs: 30_000, what: words }) }
}

export const endOf = (vm: RunningVm): Promise<{ code: number | null; reason?: string }> =>
  new Promise((resolve) => vm.onExit(resolve))
