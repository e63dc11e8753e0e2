import { AppError } from '../../../shared/errors'

/** The fields of a reading, in the order of the agent's own. Counters are since the container's start. */
const fields = [
  'cpuNs',
  'memoryBytes',
  /** 0: none. */
  'memoryLimitBytes',
  'pids',
  'netRxBytes',
  'netTxBytes',
  'blockReadBytes',
  'blockWriteBytes',
  'oomKills',
  /** Of the last 10 s, hundredths of a percent; 0 where the kernel tells none. */
  'pressureCpu',
  'pressureMemory',
  'pressureIo',
] as const

/** One reading of one container, by its slot. */
export type StatReading = { readonly slot: number } & { readonly [Field in (typeof fields)[number]]: number }

export interface StatTick {
  /** The agent's clock, ns since the epoch. */
  readonly nowNs: bigint
  readonly readings: readonly StatReading[]
  /** Slots whose containers run no more. */
  readonly gone: readonly number[]
}

/** Turns the differences of `stats.watch` back into readings: one decoder for each stream, a frame a tick. */
export class StatTicks {
  readonly #last = new Map<number, StatReading>()
  #nowNs = 0n

  /** Throws `engine.bad-answer` for a tick that is cut or has too much. */
  decode(tick: Buffer): StatTick {
    const reader = new VarintReader(tick)
    this.#nowNs += reader.big()
    const readings: StatReading[] = []
    for (let left = reader.number(); left > 0; left--) readings.push(this.#reading(reader))
    const gone: number[] = []
    while (!reader.isAtEnd) {
      const slot = reader.number()
      this.#last.delete(slot)
      gone.push(slot)
    }
    return { nowNs: this.#nowNs, readings, gone }
  }

  #reading(reader: VarintReader): StatReading {
    const slot = reader.number()
    const mask = reader.number()
    const before = this.#last.get(slot)
    const reading = { slot } as { slot: number } & Record<(typeof fields)[number], number>
    fields.forEach((field, bit) => {
      reading[field] = (before?.[field] ?? 0) + (mask & (1 << bit) ? reader.difference() : 0)
    })
    this.#last.set(slot, reading)
    return reading
  }
}

/** Go's `encoding/binary` varints: seven bits a byte, the lowest first; signed ones zigzag. */
class VarintReader {
  #at = 0

  constructor(private readonly bytes: Buffer) {}

  get isAtEnd(): boolean {
    return this.#at >= this.bytes.byteLength
  }

  /** Exact to 2^53: nanoseconds of CPU for a hundred days, bytes for petabytes; beyond, near enough. */
  number(): number {
    let value = 0
    let scale = 1
    for (;;) {
      const byte = this.#byte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
      scale *= 128
    }
  }

  big(): bigint {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.#byte()
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }

  difference(): number {
    const value = this.number()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  #byte(): number {
    const byte = this.bytes[this.#at++]
    if (byte === undefined)
      throw new AppError('engine.bad-answer', 'The agent sent a tick that is cut', {
        facts: { what: 'agent' },
      })
    return byte
  }
}
