import { constants } from 'node:fs'
import { access, open } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { run } from '../../platform/child'
import type { BackendFacts } from '../vm/backend'
import { machineType, type AcceleratorName, type QemuFeatures } from './qemu-args'
import type { Arch } from './kernel-args'

export interface QemuPlace {
  readonly platform: NodeJS.Platform
  readonly arch: string
  readonly env: NodeJS.ProcessEnv
  /** Searched before the PATH: the packaged app brings QEMU where the system has none. */
  readonly folders?: readonly string[]
  /** Try this accelerator first, or only that: for tests. */
  readonly accelerators?: readonly AcceleratorName[]
}

/** A QEMU that works here. */
export interface FoundQemu {
  readonly program: string
  readonly version: string
  readonly features: QemuFeatures
  readonly facts: BackendFacts
}

/** A VM that does not answer in this time does not work: an accelerator that is there may hang. */
const tryMs = 8_000
/** So long its processor must run: one that cannot falls over at its first instructions. */
const settleMs = 300

/** Finds QEMU, and the best accelerator that really runs a VM. The facts say why not when there is none. */
export async function findQemu(place: QemuPlace, signal: AbortSignal): Promise<FoundQemu | BackendFacts> {
  const arch: Arch = place.arch === 'arm64' ? 'arm64' : 'x64'
  const program = await findProgram(programName(arch, place.platform), place)
  if (!program) return missing(place.platform)
  const version = await versionOf(program, signal)
  signal.throwIfAborted()
  if (!version) return { isAvailable: false, canSuspend: false, reason: `${program} does not start` }
  const base = {
    arch,
    platform: place.platform,
    hasBalloon: await hasDevice(program, 'virtio-balloon-pci', signal),
  }
  const because: string[] = []
  for (const accelerator of place.accelerators ?? acceleratorsOf(place.platform)) {
    for (const hasSandbox of place.platform === 'linux' ? [true, false] : [false]) {
      const features = { ...base, accelerator, hasSandbox }
      const why = await tryVm(program, features, signal)
      if (why === undefined) return found({ program, version, features, because })
      // A try that was cancelled says nothing about the accelerator: the next one must not be taken in its place.
      signal.throwIfAborted()
      // A QEMU that was built without the sandbox says so; everything else is the accelerator's fault.
      if (!hasSandbox || !/sandbox|seccomp/i.test(why)) {
        because.push(`${accelerator}: ${why}`)
        break
      }
    }
  }
  return { isAvailable: false, canSuspend: false, version, reason: because.join('; ').slice(0, 500) }
}

function found(made: Omit<FoundQemu, 'facts'> & { because: string[] }): FoundQemu {
  const { program, version, features, because } = made
  const { accelerator, platform } = features
  const isEmulated = accelerator === 'tcg'
  return {
    ...{ program, version, features },
    facts: {
      isAvailable: true,
      version,
      accelerator: {
        ...{ name: accelerator, isEmulated },
        ...(because.length > 0 && { because: because.join('; ').slice(0, 500) }),
      },
      // WHPX cannot save its state, and the road of a state is a unix socket.
      canSuspend: platform !== 'win32',
    },
  }
}

export function acceleratorsOf(platform: NodeJS.Platform): AcceleratorName[] {
  if (platform === 'linux') return ['kvm', 'tcg']
  if (platform === 'darwin') return ['hvf', 'tcg']
  return platform === 'win32' ? ['whpx', 'tcg'] : ['tcg']
}

const programName = (arch: Arch, platform: NodeJS.Platform): string =>
  `qemu-system-${arch === 'arm64' ? 'aarch64' : 'x86_64'}${platform === 'win32' ? 'w.exe' : ''}`

async function findProgram(
  name: string,
  { env, folders = [], platform }: QemuPlace,
): Promise<string | undefined> {
  const usual = platform === 'darwin' ? ['/opt/homebrew/bin', '/usr/local/bin', '/opt/local/bin'] : []
  const programs = platform === 'win32' ? [join(env['ProgramFiles'] ?? 'C:\\Program Files', 'qemu')] : []
  const path = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  for (const folder of [...folders, ...path, ...usual, ...programs]) {
    const file = join(folder, name)
    const isThere = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isThere) return file
  }
  return undefined
}

const mends: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'brew install qemu',
  win32: 'winget install SoftwareFreedomConservancy.QEMU',
  linux: 'sudo apt-get install qemu-system',
}

function missing(platform: NodeJS.Platform): BackendFacts {
  const mend = mends[platform]
  return { isAvailable: false, canSuspend: false, reason: 'QEMU is not installed', ...(mend && { mend }) }
}

async function versionOf(program: string, signal: AbortSignal): Promise<string | undefined> {
  const ran = await run(program, ['--version'], { signal, timeoutMs: 15_000 }).catch(() => undefined)
  // The packager's own build number counts too: a state fits to the build that saved it.
  return /version (\S+(?: \([^)]*\))?)/.exec(ran?.stdout ?? '')?.[1]
}

async function hasDevice(program: string, device: string, signal: AbortSignal): Promise<boolean> {
  const ran = await run(program, ['-device', 'help'], { signal, timeoutMs: 15_000 }).catch(() => undefined)
  return ran?.stdout.includes(`name "${device}"`) ?? false
}

/**
 * Why a VM does not run with it; `undefined` when it does: a tiny one of the same machine type, with nothing to boot,
 * was started, and its firmware ran.
 */
async function tryVm(
  program: string,
  features: QemuFeatures,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (features.accelerator === 'kvm') {
    const why = await openKvm()
    if (why) return why
  }
  const { accelerator, hasSandbox } = features
  const args = [
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-m', '64M'],
    ...['-machine', machineType(features), '-accel', accelerator],
    ...['-cpu', accelerator === 'tcg' || accelerator === 'whpx' ? 'max' : 'host'],
    ...(hasSandbox
      ? ['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny']
      : []),
    ...['-qmp', 'stdio'],
  ]
  return runs(program, args, signal)
}

async function openKvm(): Promise<string | undefined> {
  try {
    const file = await open('/dev/kvm', 'r+')
    await file.close()
    return undefined
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return '/dev/kvm is not there'
    return code === 'EACCES' ? '/dev/kvm may not be opened (group kvm)' : `/dev/kvm: ${code}`
  }
}

const asked = (id: 'started' | 'settled'): string => `${JSON.stringify({ execute: 'query-status', id })}\n`

function runs(program: string, args: readonly string[], signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    signal.throwIfAborted()
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true })
    let errors = ''
    let settling: NodeJS.Timeout | undefined
    const end = (why: string | undefined): void => {
      clearTimeout(timer)
      clearTimeout(settling)
      signal.removeEventListener('abort', onAbort)
      process.off('exit', onExit)
      child.kill('SIGKILL')
      resolve(why)
    }
    const lastWords = (): string | undefined => errors.trim().split('\n').at(-1)
    const onAbort = (): void => end('cancelled')
    // Who asked may be gone long before, and a VM does not end by itself when its reader does.
    const onExit = (): void => end('cancelled')
    const timer = setTimeout(() => end(`no answer in ${tryMs / 1000} s`), tryMs)
    signal.addEventListener('abort', onAbort, { once: true })
    process.once('exit', onExit)
    child.stdin.on('error', () => undefined)
    child.stdin.write(`{"execute":"qmp_capabilities"}\n${asked('started')}`)
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { id, status } = statusOf(line)
      if (id === 'started') settling = setTimeout(() => child.stdin.write(asked('settled')), settleMs)
      if (id !== 'settled') return
      end(status === 'running' ? undefined : lastWords() || `its processor does not run: ${status}`)
    })
    child.stderr.on('data', (bytes: Buffer) => (errors = (errors + bytes.toString('utf8')).slice(-2000)))
    child.on('error', (error) => end(error.message))
    child.on('close', (code) => end(lastWords() || `ended with ${String(code)}`))
  })
}

/** Of an answer to `asked`; events and the greeting have no id. */
function statusOf(line: string): { id?: string; status: string } {
  try {
    const { id, return: said } = JSON.parse(line) as { id?: string; return?: { status?: string } }
    return { ...(id !== undefined && { id }), status: said?.status ?? 'unknown' }
  } catch {
    return { status: 'unknown' }
  }
}
