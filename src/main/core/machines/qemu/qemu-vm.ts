import { rm } from 'node:fs/promises'
import { randomInt } from 'node:crypto'
import { AppError, isCode } from '../../../../shared/errors'
import { Emitter } from '../../../../shared/std/emitter'
import { waitFor } from '../../platform/wait-for'
import type { ForwardRule, RunningVm, SavedState, VmEvent, VmSpec } from '../vm/backend'
import { addForward, listForwards, removeForward } from './hmp'
import type { ConsoleTail } from './console-tail'
import { goOn } from './left-behind'
import { dataNode } from './qemu-args'
import { hasEnded, killQemu, lastWords, usageOf, type QemuProcess } from './qemu-process'
import type { Qmp, QmpEvent } from './qmp'
import { sendState, StateReceiver } from './state-transfer'

export interface QemuVmParts {
  readonly spec: VmSpec
  readonly process: QemuProcess
  readonly qmp: Qmp
  readonly console: ConsoleTail
  readonly accelerator: RunningVm['accelerator']
  /** Found standing because the host's disk refused a write. */
  readonly isStanding?: boolean
}

type Exit = Parameters<Parameters<RunningVm['onExit']>[0]>[0]

const sshPort = 22
/** Below the ports that Linux hands out by itself, above those that programs are known by. */
const portRange = { from: 20_000, to: 32_000 }
const portTries = 50
/** Between the end of the control connection and the end of the process. */
const dyingMs = 5_000
const stateMs = 10 * 60_000
const endedStates = ['completed', 'failed', 'cancelled']

/** One QEMU under control. */
export class QemuVm implements RunningVm {
  readonly pid: number
  readonly accelerator: RunningVm['accelerator']
  readonly forwards: NonNullable<RunningVm['forwards']>
  readonly #exits = new Emitter<Exit>()
  readonly #events = new Emitter<VmEvent>()
  readonly #undo: (() => void)[]
  #exit: Exit | undefined
  #shutdownReason: string | undefined
  #isReleased = false
  #isStanding: boolean

  constructor(private readonly parts: QemuVmParts) {
    const { qmp, process, accelerator, isStanding = false } = parts
    this.#isStanding = isStanding
    this.pid = process.pid
    this.accelerator = accelerator
    this.#undo = [qmp.onEvent((event) => this.#hear(event)), qmp.onClosed(() => void this.#ended())]
    this.forwards = {
      add: (rule, signal) => addForward(qmp, rule, { signal }),
      remove: (rule, signal) => removeForward(qmp, rule, { signal }),
      list: async (signal) => (await listForwards(qmp, { signal })).filter((rule) => !isSsh(rule)),
    }
  }

  /** The forward of an earlier core, or a new one on a port that is found by trying. */
  async sshAddress(signal: AbortSignal): Promise<{ host: string; port: number }> {
    const { qmp } = this.parts
    const there = (await listForwards(qmp, { signal })).find(isSsh)
    if (there) return { host: there.address, port: there.port }
    for (let tries = 0; ; tries++) {
      const port = randomInt(portRange.from, portRange.to)
      const rule = { protocol: 'tcp', address: '127.0.0.1', port, guestPort: sshPort } as const
      try {
        await addForward(qmp, rule, { signal })
        return { host: rule.address, port }
      } catch (error) {
        if (!isCode(error, 'port.in-use') || tries >= portTries) throw error
      }
    }
  }

  onConsole(listener: (bytes: Uint8Array) => void): () => void {
    return this.parts.console.listen(listener)
  }

  onExit(listener: (end: Exit) => void): () => void {
    if (!this.#exit) return this.#exits.on(listener)
    const end = this.#exit
    queueMicrotask(() => listener(end))
    return () => undefined
  }

  get isStanding(): boolean {
    return this.#isStanding
  }

  onEvent(listener: (event: VmEvent) => void): () => void {
    queueMicrotask(() => {
      if (this.#isStanding) listener(this.#diskFull)
    })
    return this.#events.on(listener)
  }

  async load(signal: AbortSignal): Promise<void> {
    const { qmp, spec } = this.parts
    if (!spec.resumeFrom) throw new Error('a VM that boots has nothing to load')
    const { stateSocket } = spec.files
    await rm(stateSocket, { force: true })
    await qmp.execute('migrate-incoming', { uri: `unix:${stateSocket}` }, { signal })
    await sendState(spec.resumeFrom, stateSocket, signal)
    await this.#migrated(signal)
    await rm(stateSocket, { force: true })
  }

  async resumed(signal: AbortSignal): Promise<void> {
    await this.parts.qmp.execute('cont', {}, { signal })
  }

  async suspend(path: string, signal: AbortSignal): Promise<SavedState> {
    const { qmp, spec } = this.parts
    const limits = { signal }
    const receiver = await StateReceiver.listen(spec.files.stateSocket, path, signal)
    try {
      await qmp.execute('migrate-set-parameters', { 'max-bandwidth': 100e9 }, limits)
      await qmp.execute('stop', {}, limits)
      await qmp.execute('migrate', { uri: `unix:${spec.files.stateSocket}` }, limits)
      await this.#migrated(signal)
      return await receiver.done
    } catch (error) {
      // Where it ended in the middle of it, its end is told before the failure.
      if (qmp.isOpen) await goOn(qmp)
      else await this.#ended()
      throw error
    } finally {
      receiver.close()
      await rm(spec.files.stateSocket, { force: true })
    }
  }

  async pressPowerButton(signal: AbortSignal): Promise<void> {
    await this.parts.qmp.execute('system_powerdown', {}, { signal })
  }

  async kill(): Promise<void> {
    await killQemu(this.parts.process)
    await this.#ended()
  }

  async growDisk(sizeBytes: number, signal: AbortSignal): Promise<'now'> {
    await this.parts.qmp.execute('block_resize', { 'node-name': dataNode, size: sizeBytes }, { signal })
    return 'now'
  }

  async isAlive(signal: AbortSignal): Promise<boolean> {
    const status = await this.parts.qmp.execute<{ status: string }>('query-status', {}, { signal })
    return status.status !== 'guest-panicked' && status.status !== 'internal-error'
  }

  usage(): Promise<{ cpuMs: number; memoryBytes: number }> {
    return usageOf(this.parts.process)
  }

  release(): void {
    this.#isReleased = true
    for (const undo of this.#undo) undo()
    this.parts.qmp.close()
    this.parts.console.close()
  }

  async #migrated(signal: AbortSignal): Promise<void> {
    const ask = async (): Promise<{ status?: string; 'error-desc'?: string } | undefined> => {
      const now = await this.parts.qmp.execute<{ status?: string }>('query-migrate', {}, { signal })
      return endedStates.includes(now.status ?? '') ? now : undefined
    }
    const end = await waitFor(ask, {
      signal,
      timeoutMs: stateMs,
      what: 'the state of the machine',
      everyMs: 20,
    })
    if (end.status !== 'completed') throw new Error(`QEMU: ${end['error-desc'] ?? end.status ?? 'failed'}`)
  }

  #hear({ event, data }: QmpEvent): void {
    if (event === 'SHUTDOWN')
      this.#shutdownReason = typeof data['reason'] === 'string' ? data['reason'] : 'shutdown'
    if (event === 'GUEST_PANICKED') this.#events.emit({ kind: 'panicked' })
    if (event === 'RESUME') {
      this.#isStanding = false
      this.#events.emit({ kind: 'went-on' })
    }
    if (event === 'BLOCK_IO_ERROR' && data['action'] === 'stop') {
      this.#isStanding = true
      this.#events.emit(this.#diskFull)
    }
  }

  get #diskFull(): VmEvent {
    return { kind: 'host-disk-full', path: this.parts.spec.dataDisk.path }
  }

  /** A process without a control connection is nobody's: it does not stay. */
  async #ended(): Promise<void> {
    if (this.#exit || this.#isReleased) return
    const { process, spec, console } = this.parts
    await waitFor(() => hasEnded(process), {
      timeoutMs: dyingMs,
      what: 'the end of QEMU',
      everyMs: 20,
    }).catch(() => killQemu(process).catch(() => undefined))
    await console.drained()
    if (this.#exit) return
    const words = await lastWords(spec.files.hypervisorLog)
    const reason = [this.#shutdownReason, words].filter(Boolean).join(': ')
    if (this.#exit) return
    this.#exit = { code: process.code() ?? null, ...(reason && { reason }) }
    await rm(spec.files.pid, { force: true })
    this.#exits.emit(this.#exit)
    console.close()
  }
}

const isSsh = (rule: ForwardRule): boolean =>
  rule.guestPort === sshPort && rule.protocol === 'tcp' && rule.address === '127.0.0.1' && isOurs(rule.port)
const isOurs = (port: number): boolean => port >= portRange.from && port < portRange.to

/** A start that QEMU refused, in its own words, as a problem of the person. */
export function startProblem(words: string, spec: VmSpec, cause?: unknown): AppError {
  if (/Failed to get .*lock|is already in use|locked/i.test(words))
    return new AppError('machine.disk-in-use', `Another process uses ${spec.dataDisk.path}`, {
      facts: { path: spec.dataDisk.path, detail: words },
      cause,
    })
  const facts = { stage: 'process', detail: words || 'QEMU said nothing' }
  return new AppError('machine.start-failed', 'QEMU did not start', { facts, cause })
}
