import { performance } from 'node:perf_hooks'

/** One line of the table. `ratio` is ours over the peer's, or the peer's over ours where `goal` says more. */
export interface Result {
  readonly row: string
  readonly unit: string
  readonly peer: number
  readonly ours: number
  readonly ratio: number
  readonly goal: string
  readonly holds: boolean
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const high = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? Number.NaN) + high) / 2
}

export const percentile = (values: readonly number[], part: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN
}

/** Milliseconds that `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

export interface Pair {
  readonly peer: number
  readonly ours: number
}

/**
 * A B A B: the machine's speed drifts, so only ratios within a pair count. One pair warms up and is not
 * counted. Each side answers its own number (milliseconds, bytes per second, CPU seconds).
 */
export async function pairs(
  count: number,
  peer: () => Promise<number>,
  ours: () => Promise<number>,
): Promise<Pair[]> {
  await peer()
  await ours()
  const all: Pair[] = []
  for (let at = 0; at < count; at++) all.push({ peer: await peer(), ours: await ours() })
  return all
}

type Goal = { readonly atMost: number } | { readonly atLeast: number }

/**
 * The median ratio against its goal. `atMost`: ours / peer (a time, a cost). `atLeast`: peer / ours (how
 * many times faster), or ours / peer for rates with `isRate`.
 */
export function judge(
  about: { row: string; unit: string; isRate?: boolean },
  all: readonly Pair[],
  goal: Goal,
): Result {
  const isTimes = 'atLeast' in goal && about.isRate !== true
  const ratio = median(all.map(({ peer, ours }) => (isTimes ? peer / ours : ours / peer)))
  const holds = 'atMost' in goal ? ratio <= goal.atMost : ratio >= goal.atLeast
  return {
    row: about.row,
    unit: about.unit,
    peer: median(all.map((pair) => pair.peer)),
    ours: median(all.map((pair) => pair.ours)),
    ratio,
    goal:
      'atMost' in goal
        ? `<= ${goal.atMost}x`
        : `>= ${goal.atLeast}x${about.isRate === true ? '' : ' faster'}`,
    holds,
  }
}

/** A figure of ours against a fixed limit of its own; where that is zero, the ratio is the figure. */
export function limit(about: { row: string; unit: string }, ours: number, most: number): Result {
  return {
    ...about,
    peer: most,
    ours,
    ratio: most === 0 ? ours : ours / most,
    goal: `<= ${most} ${about.unit}`,
    holds: ours <= most,
  }
}

/** CPU seconds that a process and all it started have used so far, from /proc (clock ticks of 1/100 s). */
export function ticksToSeconds(stat: string): number {
  // The program's name may hold spaces and brackets: fields are counted after the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
