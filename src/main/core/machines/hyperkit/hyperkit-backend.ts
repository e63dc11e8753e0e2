import { AppError } from '../../../../shared/errors'
import { run } from '../../platform/child'
import type { Backend, BackendFacts, RunningVm, VmSpec } from '../vm/backend'
import { findProgram, foldersOf } from './find-programs'
import { hyperKitFiles } from './hyperkit-args'
import { cleanUp, endProcess, findProcesses, startProcesses, type Programs } from './hyperkit-process'
import { openHyperKitVm } from './hyperkit-vm'

export interface HyperKitOptions {
  readonly platform?: NodeJS.Platform
  readonly arch?: string
  /** Searched for `hyperkit` and `vpnkit` before the PATH: the packaged app brings them. */
  readonly folders?: readonly string[]
}

const unavailable = (reason: string, mend?: string): BackendFacts => ({
  isAvailable: false,
  canSuspend: false,
  reason,
  ...(mend !== undefined && { mend }),
})

/**
 * HyperKit on Intel Macs. The network needs no root: VPNKit gives the VM its way out, and a vsock port the
 * way in. Of that, and of what was never run on a Mac: docs/hypervisors.md.
 */
export function hyperKitBackend(options: HyperKitOptions = {}): Backend {
  const folders = foldersOf(options.folders ?? [])
  return {
    kind: 'hyperkit',
    probe: (signal) => probe(options, folders, signal),
    start: (spec, signal) => start(spec, folders, signal),
    adopt,
    stateKey: (spec, facts) =>
      `hyperkit ${facts.version ?? ''} ${spec.image.id} ${spec.cpus} ${spec.memoryMiB}`,
  }
}

async function probe(
  { platform = process.platform, arch = process.arch }: HyperKitOptions,
  folders: readonly string[],
  signal: AbortSignal,
): Promise<BackendFacts> {
  if (platform !== 'darwin') return unavailable('HyperKit runs on macOS only')
  if (arch !== 'x64')
    return unavailable('HyperKit runs on Macs with an Intel processor only. Choose QEMU here.')
  const programs = await findPrograms(folders)
  if ('missing' in programs) return unavailable(...programs.missing)
  if (!(await hasVirtualization(folders, signal)))
    return unavailable(
      'This Mac, or the VM that it is, has no hardware virtualization (kern.hv_support is not 1)',
    )
  const version = await versionOf(programs.hyperkit, signal)
  if (version === undefined) return unavailable(`${programs.hyperkit} is there but does not run`)
  return { isAvailable: true, version, accelerator: { name: 'hvf', isEmulated: false }, canSuspend: false }
}

/** 1 where the processor and the system have what Apple's Hypervisor.framework needs. */
async function hasVirtualization(folders: readonly string[], signal: AbortSignal): Promise<boolean> {
  const said = await run('sysctl', ['-n', 'kern.hv_support'], { signal, env: pathOf(folders) }).catch(
    notRun(signal),
  )
  return said?.stdout.trim() === '1'
}

/** It says `hyperkit: v0.20210107` on stderr. */
async function versionOf(hyperkit: string, signal: AbortSignal): Promise<string | undefined> {
  const said = await run(hyperkit, ['-v'], { signal, timeoutMs: 10_000 }).catch(notRun(signal))
  return said?.code === 0 ? /^[^:\n]+: (\S+)/.exec(said.stderr)?.[1] : undefined
}

const notRun = (signal: AbortSignal) => (): undefined => signal.throwIfAborted() as undefined

const pathOf = (folders: readonly string[]): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: [...folders, '/usr/sbin', '/sbin'].join(':'),
})

async function findPrograms(
  folders: readonly string[],
): Promise<Programs | { missing: [reason: string, mend: string] }> {
  const hyperkit = await findProgram('hyperkit', folders)
  if (hyperkit === undefined)
    return {
      missing: [
        'HyperKit is not installed',
        'git clone https://github.com/moby/hyperkit && cd hyperkit && make',
      ],
    }
  const vpnkit = await findProgram('vpnkit', folders)
  if (vpnkit !== undefined) return { hyperkit, vpnkit }
  const reason = 'VPNKit is not installed: it is what gives a HyperKit machine a network without root'
  return { missing: [reason, 'git clone https://github.com/moby/vpnkit && cd vpnkit && make'] }
}

async function start(spec: VmSpec, folders: readonly string[], signal: AbortSignal): Promise<RunningVm> {
  const programs = await findPrograms(folders)
  if ('missing' in programs) {
    const [reason, mend] = programs.missing
    throw new AppError('machine.unavailable', reason, { facts: { backend: 'hyperkit', reason, mend } })
  }
  const files = hyperKitFiles(spec.runDir, spec.files.pid)
  const processes = await startProcesses(programs, { spec, files }, signal)
  try {
    return await openHyperKitVm({ spec, files, processes }, signal)
  } catch (error) {
    endProcess(processes.hyperkit.pid, 'SIGKILL')
    await cleanUp(files)
    throw error
  }
}

async function adopt(spec: VmSpec, signal: AbortSignal): Promise<RunningVm | undefined> {
  const files = hyperKitFiles(spec.runDir, spec.files.pid)
  const processes = await findProcesses({ spec, files }, signal)
  return processes && openHyperKitVm({ spec, files, processes }, signal)
}
