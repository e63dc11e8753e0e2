import { bootStages, type BootRecord, type BootStage, type BootStageName } from '../../../../shared/model'

/** One stage of a start as it is drawn. All times in ms from the start of the boot. */
export interface StageBar {
  readonly name: BootStageName
  readonly state: 'done' | 'going' | 'failed' | 'waiting'
  readonly startMs: number
  /** Of a stage that goes on: now. Of one that waits: where the median of earlier starts lets it end. */
  readonly endMs: number
  /** How long it took in the earlier starts of this way; absent when there were none. */
  readonly medianMs?: number
  readonly deadlineMs?: number
}

export interface Timeline {
  readonly bars: readonly StageBar[]
  /** From the first stage to the last end, or to now. */
  readonly elapsedMs: number
  /** The whole of the earlier starts of this way. */
  readonly medianMs?: number
  /** The right edge of the picture: nothing in it is later. */
  readonly spanMs: number
}

/**
 * A start beside the median of earlier ones of the same way. `elapsedMs` is how long it has gone on, or went
 * on until it failed (0: not known). Stages that earlier starts had and this one has not reached wait behind.
 */
export function timelineOf(boot: BootRecord, earlier: readonly BootRecord[], elapsedMs: number): Timeline {
  const alike = earlier.filter((one) => one.way === boot.way && one.outcome === 'running')
  const isGoing = boot.outcome === 'going'
  const reached = boot.stages.map((stage, index): StageBar => {
    const isLast = index === boot.stages.length - 1
    const stopMs = stage.endedMs ?? (isLast ? Math.max(elapsedMs, lastMsOf(boot)) : lastMsOf(boot))
    return {
      name: stage.name,
      state: stage.endedMs !== undefined ? 'done' : isGoing ? 'going' : isLast ? 'failed' : 'done',
      startMs: stage.startedMs,
      endMs: stopMs,
      deadlineMs: stage.deadlineMs,
      ...medianOf(stage.name, alike),
    }
  })
  const bars = isGoing ? [...reached, ...waiting(reached, alike)] : reached
  const endMs = Math.max(0, ...reached.map((bar) => bar.endMs))
  const totals = alike.map(lastMsOf)
  return {
    bars,
    elapsedMs: isGoing ? Math.max(endMs, elapsedMs) : endMs,
    ...(totals.length > 0 && { medianMs: median(totals) }),
    spanMs: Math.max(1, ...bars.map((bar) => Math.max(bar.endMs, bar.startMs + (bar.medianMs ?? 0)))),
  }
}

/** Each where the median puts it, one after the other from where the present stage is expected to end. */
function waiting(reached: readonly StageBar[], alike: readonly BootRecord[]): StageBar[] {
  const seen = new Set(reached.map((bar) => bar.name))
  const now = reached.at(-1)
  let atMs = now ? Math.max(now.endMs, now.startMs + (now.medianMs ?? 0)) : 0
  return bootStages
    .filter((name) => !seen.has(name))
    .flatMap((name): StageBar[] => {
      const { medianMs } = medianOf(name, alike)
      if (medianMs === undefined) return []
      const startMs = atMs
      atMs += medianMs
      return [{ name, state: 'waiting', startMs, endMs: atMs, medianMs }]
    })
}

function medianOf(name: BootStageName, boots: readonly BootRecord[]): { medianMs?: number } {
  const times = boots.flatMap(({ stages }) => {
    const stage = stages.find((one) => one.name === name)
    return stage?.endedMs === undefined ? [] : [stage.endedMs - stage.startedMs]
  })
  return times.length === 0 ? {} : { medianMs: median(times) }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low = 0, high = 0] = [sorted[middle - 1], sorted[middle]]
  return sorted.length % 2 === 1 ? high : (low + high) / 2
}

/** When the last thing that is known of it happened. */
export const lastMsOf = ({ stages }: BootRecord): number =>
  Math.max(0, ...stages.map((stage: BootStage) => stage.endedMs ?? stage.startedMs))
