import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, stat } from 'node:fs/promises'
import { cpus, release } from 'node:os'
import { dirname, join } from 'node:path'
import { AppError } from '../../../../shared/errors'
import { log } from '../../platform/log'
import { timeLimit } from '../../platform/time-limit'
import type { Backend, BackendFacts, RunningVm, VmSpec } from '../vm/backend'
import { writeBootDisk } from './disk/boot-disk'
import { createVhdx, vhdxFromRaw, wholeSectors } from './disk/vhdx'
import { vhdxSizeOf } from './disk/vhdx-size'
import { DiskShrinker } from './disk/disk-shrinker'
import { endVm, isOver } from './end-vm'
import { HyperV, type FoundVm, type VmPlan } from './hyperv'
import { HyperVVm, type SavedMark } from './hyperv-vm'
import { PowerShell, type PowerShellOptions } from './powershell'

export interface HyperVOptions {
  readonly platform?: NodeJS.Platform
  readonly arch?: string
  readonly powerShell?: PowerShellOptions
  /** From the name of a pipe to what is connected to. */
  readonly pipePath?: (name: string) => string
  /** From the end of a VM to when its disk is made smaller. Sooner it would be in the way of a restart. */
  readonly shrinkAfterMs?: number
}

const mib = 1024 ** 2
/** What a start that failed may take to end what it left. */
const cleanUpMs = 60_000
/** Less than this a guest cannot shrink to: Hyper-V refuses to go below it, and the engine needs about that. */
const minimumMiB = 512

const kernelCommandLine = (arch: string): string =>
  [
    `console=${arch === 'arm64' ? 'ttyAMA0' : 'ttyS0'}`,
    'quiet',
    'loglevel=1',
    'audit=0',
    'lsm=capability',
    'cryptomgr.notests',
    'random.trust_cpu=on',
    'nowatchdog',
    // Names of SCSI disks follow who answers first; their places do not.
    'slipway.root=lun:1',
    'slipway.data=lun:2',
    'slipway.net=dhcp',
  ].join(' ')

/**
 * Hyper-V on Windows. There is no direct start of a kernel: each cold boot writes a small boot disk with a
 * loader on it. What was never run on Windows: docs/hypervisors.md.
 */
export function hyperVBackend(options: HyperVOptions = {}): Backend {
  const { arch = process.arch, platform = process.platform } = options
  const hyperV = new HyperV(new PowerShell(options.powerShell), cpus().length)
  const pipePath = options.pipePath ?? ((name: string): string => pipeOf(name))
  const shrinkShell = new PowerShell({ idleMs: 1000, ...options.powerShell })
  const shrinker = new DiskShrinker(new HyperV(shrinkShell, cpus().length), options.shrinkAfterMs ?? 10_000)
  const road = { hyperV, arch, pipePath, shrinker }
  return {
    kind: 'hyperv',
    disk: {
      extension: '.vhdx',
      prepare: async (path, sizeBytes, signal) => {
        await shrinker.leave(path, signal)
        return prepareDisk(hyperV, { path, sizeBytes }, signal)
      },
    },
    probe: (signal) => probe(hyperV, platform, signal),
    start: (spec, signal) => (spec.resumeFrom ? awaken(road, spec, signal) : boot(road, spec, signal)),
    adopt: (spec, signal) => adopt(road, spec, signal),
    endStray: (spec, signal) => endStray(hyperV, spec, signal),
    forget: async (spec, signal) => {
      await shrinker.leave(spec.dataDisk.path, signal)
      await forget(hyperV, spec, signal)
    },
    stateKey: (spec) => `hyperv ${release()} ${spec.image.id} ${spec.cpus} ${spec.memoryMiB}`,
  }
}

interface Road {
  readonly hyperV: HyperV
  readonly arch: string
  readonly pipePath: (name: string) => string
  readonly shrinker: DiskShrinker
}

const pipeOf = (name: string): string => `\\\\.\\pipe\\${name}`
/** Names are unique to a disk, so that two people's machines of one name never share a console. */
const pipeName = (spec: VmSpec): string =>
  `slipway-com-${createHash('sha256').update(spec.dataDisk.path).digest('hex').slice(0, 16)}`
const notesOf = (spec: VmSpec): string => `Slipway machine. Its disk: ${spec.dataDisk.path}`

async function probe(hyperV: HyperV, platform: NodeJS.Platform, signal: AbortSignal): Promise<BackendFacts> {
  const not = (reason: string, mend?: string): BackendFacts => ({
    isAvailable: false,
    canSuspend: false,
    reason,
    ...(mend !== undefined && { mend }),
  })
  if (platform !== 'win32') return not('Hyper-V runs on Windows only')
  try {
    const { hasSwitch } = await hyperV.probe(signal)
    if (!hasSwitch) return not('Hyper-V has no "Default Switch" here, as on Windows Server. Choose QEMU.')
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof AppError)) throw error
    const { reason = error.message, mend } = error.facts
    return not(String(reason), mend === undefined ? undefined : String(mend))
  }
  return {
    isAvailable: true,
    version: release(),
    accelerator: { name: 'hyperv', isEmulated: false },
    canSuspend: true,
  }
}

/** Resolves with what was done. A disk is made without Hyper-V; to grow one it is asked. */
async function prepareDisk(
  hyperV: HyperV,
  { path, sizeBytes }: { path: string; sizeBytes: number },
  signal: AbortSignal,
): Promise<'made' | 'grown' | 'there'> {
  const isThere = await stat(path).catch(() => undefined)
  if (isThere) {
    if ((await vhdxSizeOf(path)) >= sizeBytes) return 'there'
    await hyperV.resize(path, wholeSectors(sizeBytes), signal)
    return 'grown'
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await createVhdx(path, sizeBytes)
  return 'made'
}

async function boot(road: Road, spec: VmSpec, signal: AbortSignal): Promise<RunningVm> {
  const { hyperV, arch } = road
  await road.shrinker.leave(spec.dataDisk.path, signal)
  await forget(hyperV, spec, signal)
  const folder = join(spec.files.dir, 'hyperv')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const bootDisk = join(folder, 'boot.vhdx')
  const rootDisk = join(folder, 'root.vhdx')
  await rm(rootDisk, { force: true })
  await writeBootDisk(bootDisk, bootFiles(spec, arch), signal)
  const rootImage = await rootImageOf(spec, signal)
  const plan: VmPlan = {
    name: spec.name,
    notes: notesOf(spec),
    folder,
    cpus: spec.cpus,
    memoryBytes: spec.memoryMiB * mib,
    minimumBytes: Math.min(spec.memoryMiB, minimumMiB) * mib,
    pipe: pipeOf(pipeName(spec)),
    ...{ bootDisk, rootImage, rootDisk, dataDisk: spec.dataDisk.path },
  }
  try {
    const id = await hyperV.create(plan, signal)
    return new HyperVVm({ ...runOf(road, spec), id, way: 'cold' })
  } catch (error) {
    // It may have come as far as a VM without disks, or one that just starts. With a limit of its own: the signal
    // may be over.
    const limit = timeLimit(undefined, cleanUpMs)
    const cleanUp = endStray(hyperV, spec, limit).then(() => forget(hyperV, spec, limit))
    await cleanUp.catch((left: unknown) => {
      log.warn('machines', 'a half-made VM stays in Hyper-V', { name: spec.name, error: String(left) })
    })
    throw error
  }
}

function bootFiles(spec: VmSpec, arch: string) {
  const { kernel, initrd } = spec.image
  const loader = join(dirname(kernel), 'bootloader.efi')
  const commandLine = kernelCommandLine(arch)
  return {
    loader,
    kernel,
    initrd,
    config: spec.configCpio,
    commandLine,
    arch: arch === 'arm64' ? 'arm64' : 'x64',
  } as const
}

/** Being made now, by path: two machines of one image may start at the same time. */
const rootImages = new Map<string, Promise<void>>()

/**
 * The root as VHDX beside the raw one, made once for all machines of the image. Each machine has a child
 * disk upon it: Hyper-V opens a disk for one VM only, but a parent for any number.
 */
async function rootImageOf({ image }: VmSpec, signal: AbortSignal): Promise<string> {
  const path = `${image.root}.vhdx`
  if (await stat(path).catch(() => undefined)) return path
  // Not with the signal: who waits with us may still want it.
  const making = rootImages.get(path) ?? vhdxFromRaw(image.root, path).finally(() => rootImages.delete(path))
  rootImages.set(path, making)
  await making
  signal.throwIfAborted()
  return path
}

async function awaken(road: Road, spec: VmSpec, signal: AbortSignal): Promise<RunningVm> {
  const mark = JSON.parse(await readFile(spec.resumeFrom?.path ?? '', 'utf8')) as SavedMark
  const own = await ownVms(road.hyperV, spec, signal)
  const found = own.find(({ id, state }) => id === mark.id && state === 'Saved')
  if (!found)
    throw new AppError('machine.start-failed', 'Hyper-V no longer has the saved state of this VM', {
      facts: { stage: 'load', detail: own[0]?.state ?? 'Gone' },
    })
  const { address } = mark
  return new HyperVVm({
    ...runOf(road, spec),
    ...{ id: found.id, way: 'resume' },
    ...(address !== undefined && { address }),
  })
}

const runOf = (road: Road, spec: VmSpec) => ({
  ...{ spec, hyperV: road.hyperV, pipePath: road.pipePath(pipeName(spec)) },
  onOff: () => road.shrinker.plan(spec.dataDisk.path),
})

async function adopt(road: Road, spec: VmSpec, signal: AbortSignal): Promise<RunningVm | undefined> {
  const running = (await ownVms(road.hyperV, spec, signal)).find(({ state }) => !isOver(state))
  return running && new HyperVVm({ ...runOf(road, spec), id: running.id, way: 'adopt' })
}

/**
 * Ends VMs of this disk that are up. A data folder has one core, so one that this core does not hold is nobody's: a
 * start that was cut short has left it.
 */
async function endStray(hyperV: HyperV, spec: VmSpec, signal: AbortSignal): Promise<boolean> {
  const up = (await ownVms(hyperV, spec, signal)).filter(({ state }) => !isOver(state))
  for (const { id } of up) if ((await endVm(hyperV, id, signal)) === 'Off') await hyperV.remove(id, signal)
  return up.length > 0
}

/** Takes a VM that does not run off Hyper-V's list, with the state that may be saved of it. */
async function forget(hyperV: HyperV, spec: VmSpec, signal?: AbortSignal): Promise<void> {
  for (const { id, state } of await ownVms(hyperV, spec, signal)) {
    if (!isOver(state))
      throw new AppError('machine.disk-in-use', 'A VM in Hyper-V runs on this disk', {
        facts: { path: spec.dataDisk.path },
      })
    await hyperV.remove(id, signal)
  }
}

async function ownVms(hyperV: HyperV, spec: VmSpec, signal?: AbortSignal): Promise<FoundVm[]> {
  return (await hyperV.find(spec.name, signal)).filter(({ notes }) => notes === notesOf(spec))
}
