import type { EngineId, ObjectRef, Pressure, StatSample } from '../../../shared/model'
import type { AgentClient, AgentStream } from '../agent/agent-client'
import { StatTicks, type StatReading } from '../agent/stats-ticks'
import { log } from '../platform/log'

/** As often as the engine's own streams. */
const intervalMs = 1000

interface Watched {
  readonly slot: number
  readonly onSample: (sample: StatSample) => void
  readonly leave: () => void
}

/**
 * All containers of one engine over one stream of its agent: what is watched changes by a message, and while
 * nothing is watched nothing is read.
 */
export class AgentWatch {
  readonly #watched = new Map<string, Watched>()
  readonly #ids = new Map<number, string>()
  readonly #before = new Map<number, { readonly nowNs: bigint; readonly cpuNs: number }>()
  /**
   * The agent tells 0 both for a kernel without pressure and for one under none. Pressure is the whole kernel's: once
   * any container had some, a 0 of all others means that nothing waited.
   */
  #hasPressure = false
  /** No number is used for a second container: a tick for the first may be on the road. */
  #lastSlot = -1
  #stream: AgentStream | undefined
  #isTold = true

  constructor(
    readonly agent: AgentClient,
    private readonly host: { readonly engine: EngineId; readonly memoryBytes: () => number },
  ) {}

  /** Samples of one container until the signal, or until the agent gives no more. One follower an id. */
  follow({ id }: ObjectRef, onSample: Watched['onSample'], signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const slot = ++this.#lastSlot
      const leave = (): void => {
        signal.removeEventListener('abort', leave)
        this.#watched.delete(id)
        this.#ids.delete(slot)
        this.#before.delete(slot)
        this.#tell()
        resolve()
      }
      this.#watched.set(id, { slot, onSample, leave })
      this.#ids.set(slot, id)
      signal.addEventListener('abort', leave, { once: true })
      this.#tell()
    })
  }

  /** A page that opens watches a hundred containers one by one: they go as one message. */
  #tell(): void {
    if (!this.#isTold) return
    this.#isTold = false
    queueMicrotask(() => {
      this.#isTold = true
      const slots = Object.fromEntries([...this.#ids])
      if (this.#ids.size === 0) {
        this.#stream?.cancel()
        this.#stream = undefined
      } else if (this.#stream) {
        void this.#stream.send({ intervalMs, slots }).catch(() => undefined)
      } else {
        this.#stream = this.agent.stream('stats.watch', { intervalMs, slots })
        void this.#read(this.#stream)
      }
    })
  }

  async #read(stream: AgentStream): Promise<void> {
    const ticks = new StatTicks()
    try {
      for await (const item of stream) {
        const { nowNs, readings, gone } = ticks.decode(item as Buffer)
        for (const slot of gone) this.#before.delete(slot)
        this.#hasPressure ||= readings.some(isUnderPressure)
        for (const reading of readings) this.#take(reading, nowNs)
      }
    } catch (error) {
      log.debug('stats', 'the agent gives no more', { engine: this.host.engine, error })
    }
    if (this.#stream !== stream) return
    this.#stream = undefined
    for (const { leave } of [...this.#watched.values()]) leave()
  }

  #take(reading: StatReading, nowNs: bigint): void {
    const id = this.#ids.get(reading.slot)
    const before = this.#before.get(reading.slot)
    this.#before.set(reading.slot, { nowNs, cpuNs: reading.cpuNs })
    // CPU is a difference: the first reading alone says nothing.
    if (id === undefined || !before) return
    const usedNs = reading.cpuNs - before.cpuNs
    const passedNs = Number(nowNs - before.nowNs)
    this.#watched.get(id)?.onSample({
      engine: this.host.engine,
      id: id as StatSample['id'],
      atMs: Number(nowNs / 1_000_000n),
      cpuPercent: usedNs > 0 && passedNs > 0 ? (usedNs / passedNs) * 100 : 0,
      memoryBytes: reading.memoryBytes,
      // Without a limit of its own the host's memory is the limit, as the engine tells it.
      memoryLimitBytes: reading.memoryLimitBytes || this.host.memoryBytes(),
      pids: reading.pids,
      netRxBytes: reading.netRxBytes,
      netTxBytes: reading.netTxBytes,
      blockReadBytes: reading.blockReadBytes,
      blockWriteBytes: reading.blockWriteBytes,
      oomKills: reading.oomKills,
      ...(this.#hasPressure && { pressure: pressureOf(reading) }),
    })
  }
}

const isUnderPressure = ({ pressureCpu, pressureMemory, pressureIo }: StatReading): boolean =>
  pressureCpu > 0 || pressureMemory > 0 || pressureIo > 0

const pressureOf = (reading: StatReading): Pressure => ({
  cpuPercent: reading.pressureCpu / 100,
  memoryPercent: reading.pressureMemory / 100,
  ioPercent: reading.pressureIo / 100,
})
