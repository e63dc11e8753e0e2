import type { Duplex } from 'node:stream'
import { pause } from '../platform/wait-for'
import type { Shell, ShellListener, Size } from './session'
import { writeDrained } from './write-drained'

/** A program with a terminal at the far side of a tunnel: a VM of ours, a host over SSH. */
export interface FarShell {
  readonly stream: Duplex
  resize(size: Size): void
  /** `null` when a signal or the end of the link ended it. */
  readonly exit: Promise<number | null>
}

/** The far side's exit comes with the end of its output or just after it. */
const exitLimitMs = 2_000

export class MachineShell implements Shell {
  #isOver = false

  constructor(private readonly far: FarShell) {}

  listen(listener: ShellListener): void {
    const { stream } = this.far
    let failure: unknown
    stream.on('data', (bytes: Buffer) => listener.onData(bytes))
    stream.on('error', (error: unknown) => (failure = error))
    // Our half stays open after its end, and the channel with it: over a channel that we closed no exit comes.
    stream.on('end', () => void this.#exitCode().finally(() => stream.end()))
    stream.on('close', () => {
      if (this.#isOver) return
      this.#isOver = true
      if (failure) listener.onEnd({ error: failure })
      else
        void this.#exitCode().then((exitCode) => listener.onEnd(exitCode === undefined ? {} : { exitCode }))
    })
  }

  write(bytes: Uint8Array): Promise<void> {
    return writeDrained(this.far.stream, bytes)
  }

  resize(size: Size): void {
    if (!this.#isOver) this.far.resize(size)
  }

  pause(): void {
    this.far.stream.pause()
  }

  resume(): void {
    this.far.stream.resume()
  }

  /** The far side's terminal goes with its channel, which hangs its programs up. */
  async kill(): Promise<void> {
    const { stream } = this.far
    const closed = new Promise<void>((resolve) => (stream.closed ? resolve() : stream.once('close', resolve)))
    stream.resume()
    stream.destroy()
    await closed
  }

  async #exitCode(): Promise<number | undefined> {
    const code = await Promise.race([this.far.exit, pause(exitLimitMs)])
    return typeof code === 'number' ? code : undefined
  }
}
