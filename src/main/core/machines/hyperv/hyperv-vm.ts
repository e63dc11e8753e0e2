import { writeFile } from 'node:fs/promises'
import { AppError } from '../../../../shared/errors'
import { Emitter } from '../../../../shared/std/emitter'
import { log } from '../../platform/log'
import { pause, waitFor } from '../../platform/wait-for'
import type { RunningVm, SavedState, VmSpec } from '../vm/backend'
import { ConsoleFile } from '../vm/guest/console-file'
import { ComPort } from './com-port'
import { endVm, isOver } from './end-vm'
import type { HyperV, VmFacts } from './hyperv'
import { saveVm } from './save-vm'

type End = Parameters<Parameters<RunningVm['onExit']>[0]>[0]

export interface HyperVRun {
  readonly spec: VmSpec
  readonly id: string
  readonly hyperV: HyperV
  /** Of the guest's serial port, as this host connects to it. */
  readonly pipePath: string
  readonly way: 'cold' | 'adopt' | 'resume'
  /** Where the guest was when it was saved. */
  readonly address?: string
  /** Its disks are nobody's any more. */
  readonly onOff: () => void
}

/** What stands in the file of a saved state: the state itself is Hyper-V's, beside the VM. */
export interface SavedMark {
  readonly id: string
  readonly address?: string
}

const addressLimitMs = 60_000
const sshPort = 22
/** The first try after a lost serial port, and the longest pause between two. */
const retryMs = { first: 50, last: 5000 }

/** A VM that Hyper-V runs. There is no process of ours: it goes on without us, and its state is asked for. */
export class HyperVVm implements RunningVm {
  readonly accelerator = { name: 'hyperv', isEmulated: false }
  readonly #exits = new Emitter<End>()
  readonly #console: ConsoleFile
  readonly #port: ComPort
  readonly #over = new AbortController()
  #address: string | undefined
  #end: End | undefined
  #ending: Promise<void> | undefined
  #cpu = { ms: 0, atMs: performance.now() }
  #isSaving = false
  #watching: Promise<void> | undefined

  constructor(private readonly run: HyperVRun) {
    this.#address = run.address
    this.#console = new ConsoleFile(run.spec.files.console, { goesOn: run.way !== 'cold' })
    this.#port = new ComPort(run.pipePath, (bytes) => this.#hear(bytes))
    if (run.way === 'adopt') this.#address = saidAddress(this.#console.text())
    if (run.way !== 'resume') this.#follow()
  }

  /** The guest says its address on the console; else Hyper-V or the host's neighbours know it. */
  async sshAddress(signal: AbortSignal): Promise<{ host: string; port: number }> {
    const known = (): string | undefined => this.#address
    const found = async (): Promise<string | undefined> =>
      known() ?? this.run.hyperV.addressOf(this.run.id, signal)
    const host = await waitFor(found, {
      signal,
      timeoutMs: addressLimitMs,
      what: 'the address of the VM',
      everyMs: 250,
    })
    this.#address = host
    return { host, port: sshPort }
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

  /** Nothing to read ahead: Hyper-V loads and goes on in one step, which is `resumed`. */
  async load(signal: AbortSignal): Promise<void> {
    const { state } = await this.run.hyperV.factsOf(this.run.id, signal)
    if (state !== 'Saved')
      throw new AppError('machine.start-failed', `Hyper-V has no saved state of this VM: it is ${state}`, {
        facts: { stage: 'load', detail: state },
      })
  }

  async resumed(signal: AbortSignal): Promise<void> {
    if (this.run.way !== 'resume') return
    await this.run.hyperV.start(this.run.id, signal)
    this.#follow()
  }

  async suspend(path: string, signal: AbortSignal): Promise<SavedState> {
    this.#isSaving = true
    try {
      await saveVm(this.run.hyperV, this.run.id, signal)
    } catch (cause) {
      this.#isSaving = false
      // The pipe may have ended while it was being saved, and the watch with it.
      this.#follow()
      const detail = (cause as Error).message
      throw new AppError('machine.suspend-failed', `Hyper-V could not save the VM: ${detail}`, {
        facts: { detail },
        cause,
      })
    }
    const mark: SavedMark = {
      id: this.run.id,
      ...(this.#address !== undefined && { address: this.#address }),
    }
    const text = JSON.stringify(mark)
    await writeFile(path, text, { mode: 0o600 })
    await this.#ended({ state: 'Saved' })
    return { path, sizeBytes: Buffer.byteLength(text) }
  }

  async pressPowerButton(signal: AbortSignal): Promise<void> {
    await this.run.hyperV.pressButton(this.run.id, signal)
  }

  async kill(): Promise<void> {
    await this.#ended({ state: await endVm(this.run.hyperV, this.run.id) })
  }

  async growDisk(sizeBytes: number, signal: AbortSignal): Promise<'now'> {
    await this.run.hyperV.resize(this.run.spec.dataDisk.path, sizeBytes, signal)
    return 'now'
  }

  async isAlive(signal: AbortSignal): Promise<boolean> {
    return (await this.run.hyperV.factsOf(this.run.id, signal)).state === 'Running'
  }

  /** Hyper-V tells what it takes now, not what it took: the sum is made of the looks. */
  async usage(signal: AbortSignal): Promise<{ cpuMs: number; memoryBytes: number }> {
    const facts = await this.run.hyperV.factsOf(this.run.id, signal)
    const nowMs = performance.now()
    const share = (facts.cpuPercent / 100) * this.run.hyperV.processors
    this.#cpu = { ms: this.#cpu.ms + share * (nowMs - this.#cpu.atMs), atMs: nowMs }
    return { cpuMs: Math.round(this.#cpu.ms), memoryBytes: facts.memoryBytes }
  }

  release(): void {
    this.#over.abort()
    this.#port.close()
  }

  #hear(bytes: Uint8Array): void {
    this.#console.push(bytes)
    // The last line may have come in two pieces.
    if (this.#address === undefined) this.#address = saidAddress(this.#console.text())
  }

  /** The pipe ends with the VM, so it is what tells of the end: nothing is asked while it stands. */
  #follow(): void {
    if (this.#watching) return
    this.#watching = this.#watch()
      .catch((error: unknown) => {
        if (!this.#over.signal.aborted)
          log.warn('machines', 'a VM is no longer watched', { error: String(error) })
      })
      .finally(() => (this.#watching = undefined))
  }

  async #watch(): Promise<void> {
    const { signal } = this.#over
    for (let waitMs = retryMs.first; !signal.aborted; waitMs = Math.min(waitMs * 2, retryMs.last)) {
      const wasOpen = await this.#port.follow()
      if (wasOpen) waitMs = retryMs.first
      if (signal.aborted || this.#isSaving) return
      const facts = await this.run.hyperV.factsOf(this.run.id, signal)
      if (isOver(facts.state)) return this.#ended(facts)
      await pause(waitMs, signal)
    }
  }

  #ended(facts: Pick<VmFacts, 'state'>): Promise<void> {
    this.#ending ??= this.#tellEnd(facts)
    return this.#ending
  }

  async #tellEnd({ state }: Pick<VmFacts, 'state'>): Promise<void> {
    this.#over.abort()
    this.#port.close()
    // What is off is only a description, which the next start writes anew: none stays on Hyper-V's list.
    if (state === 'Off') await this.run.hyperV.remove(this.run.id).catch(() => undefined)
    if (state === 'Off' || state === 'Gone') this.run.onOff()
    const reason = state === 'Saved' && !this.#isSaving ? 'Somebody else saved the VM in Hyper-V' : undefined
    this.#end = {
      code: state === 'Off' || state === 'Saved' ? 0 : null,
      ...(reason !== undefined && { reason }),
    }
    this.#exits.emit(this.#end)
  }
}

/** The newest that was said: it changes when the guest asks again. */
function saidAddress(text: string): string | undefined {
  return [...text.matchAll(/slipway: address (\d+\.\d+\.\d+\.\d+) [\d.]+\r?\n/g)].at(-1)?.[1]
}
