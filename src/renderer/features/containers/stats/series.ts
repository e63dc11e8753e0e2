import type { Pressure, StatSample } from '../../../../shared/model'

/** Columns of numbers over one time axis: `[seconds, ...lines]`, a gap is null. What uPlot draws. */
export type Columns = readonly [readonly number[], ...(readonly (number | null)[])[]]

export interface Series {
  readonly cpu: Columns
  /** Bytes, and the limit as a second line where there is one below the host's own memory. */
  readonly memory: Columns
  /** Bytes a second: received, sent. */
  readonly network: Columns
  /** Bytes a second: read, written. */
  readonly disk: Columns
  /** Percent: CPU, memory, disk. Absent where no reading tells it. */
  readonly pressure?: Columns
}

/** A silence longer than this is drawn as a gap, not as a straight line over what nobody measured. */
const gapMs = 5000

export function toSeries(samples: readonly StatSample[]): Series {
  const time: number[] = []
  const at: (StatSample | null)[] = []
  for (const [index, one] of samples.entries()) {
    const before = samples[index - 1]
    if (before && one.atMs - before.atMs > gapMs) {
      time.push((before.atMs + 1000) / 1000)
      at.push(null)
    }
    time.push(one.atMs / 1000)
    at.push(one)
  }
  const line = (read: (one: StatSample) => number): (number | null)[] =>
    at.map((one) => (one ? read(one) : null))
  const waits = (read: (pressure: Pressure) => number): (number | null)[] =>
    at.map((one) => (one?.pressure ? read(one.pressure) : null))
  const rates = (read: (one: StatSample) => number): (number | null)[] =>
    at.map((one, index) => rate(at[index - 1] ?? null, one, read))
  return {
    cpu: [time, line((one) => one.cpuPercent)],
    memory: [time, line((one) => one.memoryBytes), at.map((one) => one?.memoryLimitBytes || null)],
    network: [time, rates((one) => one.netRxBytes), rates((one) => one.netTxBytes)],
    disk: [time, rates((one) => one.blockReadBytes), rates((one) => one.blockWriteBytes)],
    ...(at.some((one) => one?.pressure) && {
      pressure: [
        time,
        waits((pressure) => pressure.cpuPercent),
        waits((pressure) => pressure.memoryPercent),
        waits((pressure) => pressure.ioPercent),
      ],
    }),
  }
}

/** Counters begin anew with each start of a container: a step down is no rate. */
function rate(
  before: StatSample | null,
  now: StatSample | null,
  read: (one: StatSample) => number,
): number | null {
  if (!before || !now || now.atMs <= before.atMs) return null
  const step = read(now) - read(before)
  return step < 0 ? null : (step * 1000) / (now.atMs - before.atMs)
}

/** Keeps what is younger than `spanMs`, by the newest sample's own clock. */
export function within(samples: readonly StatSample[], spanMs: number): readonly StatSample[] {
  const newest = samples.at(-1)
  if (!newest) return samples
  const from = samples.findIndex((one) => one.atMs >= newest.atMs - spanMs)
  return from <= 0 ? samples : samples.slice(from)
}

/**
 * The top of a chart of bytes: the next round number of 1024s, so that the axis does not jump at each
 * sample.
 */
export function roundTop(value: number, smallest: number): number {
  let top = smallest
  while (top < value) top *= 2
  return top
}

/** Adds what is newer than the newest, and forgets what is older than `spanMs`. */
export function extend(
  history: readonly StatSample[],
  samples: readonly StatSample[],
  spanMs: number,
): readonly StatSample[] {
  const last = history.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY
  const fresh = samples.filter((one) => one.atMs > last)
  return fresh.length === 0 ? history : within([...history, ...fresh], spanMs)
}
