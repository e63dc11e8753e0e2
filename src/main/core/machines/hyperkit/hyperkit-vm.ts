import { open } from 'node:fs/promises'
import type { ReadStream } from 'node:tty'
import { AppError } from '../../../../shared/errors'
import { Emitter } from '../../../../shared/std/emitter'
import { log } from '../../platform/log'
import { waitFor } from '../../platform/wait-for'
import type { RunningVm, SavedState, VmSpec } from '../vm/backend'
import { ConsoleFile } from '../vm/guest/console-file'
import type { HyperKitFiles } from './hyperkit-args'
import { cleanUp, endProcess, lastWords, type HyperKitProcesses, type Started } from './hyperkit-process'
import { isSame, processFacts } from './process-identity'
import { openTerminal } from './serial-terminal'
import { VsockRoad } from './vsock-road'

type End = Parameters<Parameters<RunningVm['onExit']>[0]>[0]

export interface HyperKitRun {
  readonly spec: VmSpec
  readonly files: HyperKitFiles
  readonly processes: HyperKitProcesses | Started
}

export async function openHyperKitVm(run: HyperKitRun, signal: AbortSignal): Promise<HyperKitVm> {
  const terminal = await openTerminal(run.files.tty, signal)
  return new HyperKitVm(run, terminal)
}

/** A VM in a HyperKit process. Nobody can ask that process anything: it knows two signals and its exit code. */
export class HyperKitVm implements RunningVm {
  readonly pid: number
  readonly accelerator = { name: 'hvf', isEmulated: false }
  readonly #exits = new Emitter<End>()
  readonly #console: ConsoleFile
  readonly #road: VsockRoad
  #end: End | undefined
  #ending: Promise<void> | undefined
  #isReleased = false

  constructor(
    private readonly run: HyperKitRun,
    private readonly terminal: ReadStream,
  ) {
    const { spec, files, processes } = run
    this.pid = processes.hyperkit.pid
    const child = 'child' in processes ? processes.child : undefined
    this.#console = new ConsoleFile(spec.files.console, { goesOn: !child })
    this.#road = new VsockRoad(files.guestSsh)
    terminal.on('data', (bytes: Buffer) => this.#console.push(bytes))
    // The other end is HyperKit's: it goes with the process, also with one that we did not start.
    terminal.on('error', () => terminal.destroy())
    terminal.on('close', () => void this.#terminalClosed())
    child?.on('exit', (code) => void this.#ended(code))
    // It may have ended before the line above.
    if (child && (child.exitCode !== null || child.signalCode !== null)) void this.#ended(child.exitCode)
  }

  async sshAddress(): Promise<{ host: string; port: number }> {
    return { host: '127.0.0.1', port: await this.#road.port() }
  }

  onConsole(listener: (bytes: Uint8Array) => void): () => void {
    return this.#console.listen(listener)
  }

  onExit(listener: (end: End) => void): () => void {
    if (!this.#end) return this.#exits.on(listener)
    const end = this.#end
    queueMicrotask(() => listener(end))
    return () => undefined
  }

  load(): Promise<void> {
    return Promise.reject(cannotSuspend())
  }

  resumed(): Promise<void> {
    return Promise.resolve()
  }

  suspend(): Promise<SavedState> {
    return Promise.reject(cannotSuspend())
  }

  /** To HyperKit a SIGTERM is the button, from the moment that the guest's ACPI driver is there; before, it ends it. */
  async pressPowerButton(): Promise<void> {
    if (await isSame(this.run.processes.hyperkit)) endProcess(this.pid, 'SIGTERM')
  }

  async kill(): Promise<void> {
    const { hyperkit } = this.run.processes
    if (!this.#ending && (await isSame(hyperkit))) endProcess(this.pid, 'SIGKILL')
    const isGone = async (): Promise<boolean> => this.#ending !== undefined || !(await isSame(hyperkit))
    await waitFor(isGone, { timeoutMs: 10_000, what: 'the end of the VM' })
    await this.#ended(null)
  }

  /** HyperKit reads a disk's size once, when it opens it. */
  async growDisk(sizeBytes: number): Promise<'next-start'> {
    const file = await open(this.run.spec.dataDisk.path, 'r+')
    try {
      const { size } = await file.stat()
      if (size < sizeBytes) await file.truncate(sizeBytes)
    } finally {
      await file.close()
    }
    return 'next-start'
  }

  async isAlive(signal: AbortSignal): Promise<boolean> {
    const facts = await processFacts(this.pid, signal)
    return facts?.startedAt === this.run.processes.hyperkit.startedAt && facts.isRunning
  }

  async usage(signal: AbortSignal): Promise<{ cpuMs: number; memoryBytes: number }> {
    const { hyperkit, vpnkit } = this.run.processes
    const both = await Promise.all([processFacts(hyperkit.pid, signal), processFacts(vpnkit.pid, signal)])
    const sum = (read: 'cpuMs' | 'memoryBytes'): number =>
      both.reduce((total, one) => total + (one?.[read] ?? 0), 0)
    return { cpuMs: sum('cpuMs'), memoryBytes: sum('memoryBytes') }
  }

  release(): void {
    this.#isReleased = true
    this.#road.close()
    this.terminal.destroy()
  }

  async #terminalClosed(): Promise<void> {
    if (this.#isReleased || this.#ending || 'child' in this.run.processes) return
    const { hyperkit } = this.run.processes
    const isGone = async (): Promise<boolean> => !(await isSame(hyperkit))
    await waitFor(isGone, { timeoutMs: 10_000, what: 'the end of the VM' }).then(
      () => this.#ended(null),
      () => log.warn('machines', 'the serial port is gone, the VM is not', { pid: this.pid }),
    )
  }

  /** Two notices of the same end come in any order: the first one tells it, both may wait for it. */
  #ended(code: number | null): Promise<void> {
    if (!this.#isReleased) this.#ending ??= this.#tellEnd(code)
    return this.#ending ?? Promise.resolve()
  }

  async #tellEnd(code: number | null): Promise<void> {
    const words = async (): Promise<string | undefined> =>
      code === 0 ? undefined : (reasons.get(code) ?? lastWords(this.run.spec.files.hypervisorLog))
    const reason = await words()
    this.#road.close()
    await cleanUp(this.run.files).catch((error: unknown) => {
      log.warn('machines', 'left-overs of HyperKit stay', { error: String(error) })
    })
    this.#end = { code, ...(reason !== undefined && { reason }) }
    this.#exits.emit(this.#end)
  }
}

/** HyperKit's own codes for what its guest did; 0 is a power-off. */
const reasons = new Map<number | null, string>([
  [2, 'The guest restarted itself, which HyperKit answers by ending'],
  [3, 'The guest crashed so hard that the processor reset (triple fault)'],
])

const cannotSuspend = (): AppError =>
  new AppError('machine.suspend-failed', 'HyperKit cannot save a running VM', {
    facts: { detail: 'HyperKit cannot save a running VM' },
  })
