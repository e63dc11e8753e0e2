import { AppError } from '../../../../shared/errors'
import type { BootStageName, ColdReason, MachineSettings, Progress } from '../../../../shared/model'
import { DeadlineError, pause } from '../../platform/wait-for'
import type { Backend, BackendFacts, ImageFiles, RunningVm, VmSpec } from './backend'
import { withLines, type BootTimeline } from './boot-timeline'
import { diskBytes, prepareDisk } from './data-disk'
import { engineAnswers } from './engine-ping'
import { crashed, GuestConsole } from './guest-console'
import { machineKeys, writeGuestConfig, type MachineKeys, type NewKeyPair } from './guest-config'
import type { Guest, OpenGuest } from './guest'
import type { ImageSource } from './image-source'
import type { MachineFiles, Saved, Started } from './machine-files'
import type { MachineLog } from './machine-log'

export interface BootDeps {
  readonly id: string
  readonly files: MachineFiles
  readonly backend: Backend
  readonly images: ImageSource
  readonly openGuest: OpenGuest
  readonly newKeyPair: NewKeyPair
  readonly log: MachineLog
}

export interface BootRequest {
  readonly settings: MachineSettings
  readonly isCold: boolean
  readonly timeline: BootTimeline
  readonly signal: AbortSignal
  readonly progress: (progress: Progress) => void
  /** A process has begun: its console can be looked at. */
  readonly onRising: (rising: Rising) => void
}

/** A machine that came up. */
export interface Booted {
  readonly vm: RunningVm
  readonly console: GuestConsole
  readonly guest: Guest
  readonly keys: MachineKeys
  readonly started: Started
  /** The disk's file was made longer before this boot: its file system is to follow. */
  readonly hasGrown?: boolean
  /** The engine had not answered when its deadline passed: the machine runs without it. */
  readonly engineError?: AppError
}

/** A VM on its way up: whatever ends it meanwhile ends the waits for it. */
export interface Rising {
  readonly vm: RunningVm
  readonly console: GuestConsole
  readonly signal: AbortSignal
}

const tunnelPauseMs = 300
const clockMs = 20_000
const enginePauseMs = 1_000

/** Resumes the saved state when there is one that fits, else boots. What fails leaves no process behind. */
export async function boot(deps: BootDeps, request: BootRequest): Promise<Booted> {
  const facts = await deps.backend.probe(request.signal)
  if (!facts.isAvailable) throw unavailable(deps.backend, facts)
  request.timeline.emulated(facts.accelerator?.isEmulated ?? false)
  const saved = await usableState(deps, request, facts)
  if (saved !== undefined && typeof saved === 'object') {
    const booted = await resume(deps, request, saved)
    if (booted) return booted
    request.timeline.goCold('load-failed')
  } else if (saved) request.timeline.goCold(saved)
  await deps.files.dropSaved()
  return bootCold(deps, request)
}

interface Resumable {
  readonly saved: Saved
  readonly spec: VmSpec
}

/** The state to go on with, or why there is none to be used; `undefined` where nothing was saved or lost. */
async function usableState(
  { files, images, backend, id }: BootDeps,
  request: BootRequest,
  facts: BackendFacts,
): Promise<Resumable | ColdReason | undefined> {
  const saved = await files.saved()
  if (!saved) return (await files.started()) ? 'crashed' : undefined
  if (request.isCold) return 'asked'
  const image = await images.find(saved.started.imageId)
  if (!image) return 'image-gone'
  const { sizeBytes, sha256 } = saved
  const spec: VmSpec = {
    ...specFor({ id, files, settings: saved.started.settings, image }),
    resumeFrom: { path: files.paths.state, sizeBytes, ...(sha256 !== undefined && { sha256 }) },
  }
  return backend.stateKey(spec, facts) === saved.key ? { saved, spec } : 'differs'
}

/** `undefined` when the state could not be loaded: it is spent then, and the machine can still boot. */
async function resume(
  deps: BootDeps,
  request: BootRequest,
  { saved, spec }: Resumable,
): Promise<Booted | undefined> {
  const { timeline, signal } = request
  timeline.begin('process')
  const keys = await keysOf(deps, saved.started.settings)
  const rising = await rise(deps, { spec, request })
  try {
    try {
      timeline.begin('load')
      await within(request, 'load', (limit) => rising.vm.load(limit), rising.signal)
    } catch (error) {
      if (signal.aborted) throw error
      deps.log.step('the saved state could not be loaded: a cold boot follows', { error: String(error) })
      await fall(rising, error)
      return undefined
    }
    // Disk and state are never used twice: from here on no crash can bring the state back.
    await deps.files.saveStarted(saved.started)
    await deps.files.dropSaved()
    await rising.vm.resumed(rising.signal)
    deps.log.step('resumed')
    return await reach(deps, request, { rising, keys, started: saved.started })
  } catch (error) {
    throw await fall(rising, error)
  }
}

async function bootCold(deps: BootDeps, request: BootRequest): Promise<Booted> {
  const { timeline, settings, progress } = request
  timeline.begin('image')
  const image = await within(request, 'image', (limit) => deps.images.ensure({ signal: limit, progress }))
  timeline.begin('disk')
  const keys = await keysOf(deps, settings)
  await writeGuestConfig(deps.files.paths, settings, keys)
  const spec = specFor({ id: deps.id, files: deps.files, settings, image })
  const made = await prepareDisk(spec.dataDisk.path, spec.dataDisk.sizeBytes)
  if (made !== 'there')
    deps.log.step(`data disk ${made}`, { path: spec.dataDisk.path, GiB: settings.diskGiB })
  const started = { settings, imageId: image.id }
  await deps.files.saveStarted(started)
  const rising = await riseToInit(deps, request, spec)
  try {
    timeline.begin('init')
    await mark(request, rising, { stage: 'init', mark: 'pid1' })
    timeline.begin('sshd')
    await mark(request, rising, { stage: 'sshd', mark: 'sshd' })
    const booted = await reach(deps, request, { rising, keys, started })
    return { ...booted, hasGrown: made === 'grown' }
  } catch (error) {
    throw await fall(rising, error)
  }
}

export const keysOf = (
  { files, newKeyPair }: Pick<BootDeps, 'files' | 'newKeyPair'>,
  { name }: MachineSettings,
): Promise<MachineKeys> => machineKeys(files.paths, { name, newKeyPair })

/** A kernel that says nothing hangs, rarely and for no reason of ours: it gets one more try. */
async function riseToInit(deps: BootDeps, request: BootRequest, spec: VmSpec): Promise<Rising> {
  for (let isSecond = false; ; isSecond = true) {
    request.timeline.begin('process')
    const rising = await rise(deps, { spec, request })
    try {
      request.timeline.begin('kernel')
      await mark(request, rising, { stage: 'kernel', mark: 'init' })
      return rising
    } catch (error) {
      await fall(rising, error)
      const isHang = error instanceof AppError && error.code === 'machine.boot-timeout'
      if (!isHang || isSecond) throw error
      deps.log.step('the kernel said nothing: killed, second try')
    }
  }
}

/** Starts the process. The returned signal also ends with the VM, with its end as the reason. */
export async function rise(
  { backend }: Pick<BootDeps, 'backend'>,
  { spec, request }: { spec: VmSpec; request: BootRequest },
): Promise<Rising> {
  const vm = await within(request, 'process', (limit) => backend.start(spec, limit))
  const rising = watchRise(vm, request.signal)
  request.onRising(rising)
  return rising
}

/** Ends the waits for a VM that ends, or whose kernel panics, while it comes up. */
export function watchRise(vm: RunningVm, signal: AbortSignal): Rising {
  const end = new AbortController()
  const console = new GuestConsole(vm)
  if (console.panic) end.abort(crashed(console.panic))
  console.onSaid((said) => {
    if (said.kind === 'panic') end.abort(crashed(said.line))
  })
  vm.onExit(({ reason, code }) => {
    const detail = reason ?? `exit code ${String(code)}`
    end.abort(console.panic ? crashed(console.panic) : ended(detail))
  })
  return { vm, console, signal: AbortSignal.any([signal, end.signal]) }
}

export const ended = (detail: string): AppError =>
  new AppError('machine.ended', 'The machine ended by itself', { facts: { detail: detail.slice(0, 500) } })

/** From the guest's sshd to its engine. */
export async function reach(
  deps: Pick<BootDeps, 'openGuest' | 'log'>,
  request: BootRequest,
  { rising, keys, started }: { rising: Rising; keys: MachineKeys; started: Started },
): Promise<Booted> {
  const { timeline } = request
  timeline.begin('tunnel')
  const guest = await within(
    request,
    'tunnel',
    (limit) => open(deps, { rising, keys, signal: limit }),
    rising.signal,
  )
  if (timeline.record.way !== 'cold') await setClock(guest, rising.signal, deps.log)
  timeline.begin('engine')
  const booted = { ...{ vm: rising.vm, console: rising.console }, guest, keys, started }
  try {
    await within(request, 'engine', (limit) => untilEngine(rising.console, guest, limit), rising.signal)
    return booted
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'machine.boot-timeout') {
      guest.close()
      throw error
    }
    deps.log.step('the engine did not answer in time')
    return { ...booted, engineError: error }
  }
}

/** The clock of a guest that stood is behind by the time it was away. */
async function setClock(guest: Guest, signal: AbortSignal, log: MachineLog): Promise<void> {
  await guest
    .run('after-resume', [String(Date.now())], { signal, timeoutMs: clockMs })
    .catch((error: unknown) => {
      signal.throwIfAborted()
      log.step('the clock was not set', { error: String(error) })
    })
}

/** An early knock may be refused while sshd still begins; a wrong key is refused for good. */
async function open(
  { openGuest }: Pick<BootDeps, 'openGuest'>,
  { rising, keys, signal }: { rising: Rising; keys: MachineKeys; signal: AbortSignal },
): Promise<Guest> {
  for (;;) {
    const { host, port } = await rising.vm.sshAddress(signal)
    try {
      return await openGuest(
        { host, port, privateKey: keys.userPrivate, hostKey: publicPart(keys.hostPublic) },
        signal,
      )
    } catch (error) {
      signal.throwIfAborted()
      if (isForGood(error)) throw error
      await pause(tunnelPauseMs, signal)
    }
  }
}

export const isForGood = (error: unknown): boolean =>
  error instanceof AppError && /host-key|auth-failed/.test(error.code)

export const publicPart = (line: string): string => line.split(' ').slice(0, 2).join(' ')

async function untilEngine(console: GuestConsole, guest: Guest, signal: AbortSignal): Promise<void> {
  const dial = (limit: AbortSignal): ReturnType<Guest['dialUnix']> =>
    guest.dialUnix('/run/docker.sock', limit)
  while (!(await engineAnswers(dial, signal))) {
    // The guest says when it is up; asking now and then covers a resume, which says nothing.
    const said = console.reached('engine', { signal, timeoutMs: enginePauseMs }).catch(() => undefined)
    await (console.has('engine') ? pause(enginePauseMs / 5, signal) : said)
    signal.throwIfAborted()
  }
}

async function mark(
  request: BootRequest,
  { console, signal }: Rising,
  wanted: { stage: BootStageName; mark: Parameters<GuestConsole['reached']>[0] },
): Promise<void> {
  const timeoutMs = request.timeline.deadlineMs(wanted.stage)
  await console.reached(wanted.mark, { signal, timeoutMs }).catch((error: unknown) => {
    throw error instanceof DeadlineError ? late(wanted.stage, timeoutMs, error) : error
  })
}

/** One stage's work under its deadline. */
async function within<T>(
  { timeline, signal }: BootRequest,
  stage: BootStageName,
  work: (signal: AbortSignal) => Promise<T>,
  outer: AbortSignal = signal,
): Promise<T> {
  const timeoutMs = timeline.deadlineMs(stage)
  const limit = AbortSignal.timeout(timeoutMs)
  try {
    return await work(AbortSignal.any([outer, limit]))
  } catch (error) {
    outer.throwIfAborted()
    throw limit.aborted ? late(stage, timeoutMs, error) : error
  }
}

const late = (stage: BootStageName, timeoutMs: number, cause: unknown): AppError =>
  new AppError('machine.boot-timeout', `The machine did not get past ${stage} in time`, {
    facts: { stage, seconds: Math.round(timeoutMs / 1000) },
    cause,
  })

/** Ends what did not come up. Answers what was thrown, with the console's last words kept beside it. */
async function fall({ vm, console }: Rising, thrown: unknown): Promise<unknown> {
  withLines(thrown, console.lines())
  console.close()
  await vm.kill().catch(() => undefined)
  return thrown
}

function unavailable({ kind }: Backend, { reason = '', mend = '' }: BackendFacts): AppError {
  const facts = { backend: kind, reason, ...(mend && { mend }) }
  return new AppError('machine.unavailable', `${kind} is not available: ${reason}`, { facts })
}

export interface SpecParts {
  readonly id: string
  readonly files: MachineFiles
  readonly settings: MachineSettings
  readonly image: ImageFiles
}

/** What the hypervisor is asked for. */
export const specFor = ({ id, files, settings, image }: SpecParts): VmSpec => ({
  name: id,
  runDir: files.paths.run,
  files: files.paths,
  cpus: settings.cpus,
  memoryMiB: settings.memoryMiB,
  image,
  configCpio: files.paths.config,
  dataDisk: { path: files.diskPath(settings), sizeBytes: diskBytes(settings.diskGiB) },
})
