import { log } from '../../platform/log'
import { pause } from '../../platform/wait-for'

export interface HeartbeatDeps {
  /** Whether the hypervisor answers. A rejection is a no. */
  readonly isAlive: (signal: AbortSignal) => Promise<boolean>
  /** It has not answered since then (epoch ms); `undefined`: it answers again. */
  readonly onFrozen: (sinceMs: number | undefined) => void
  /** The host has slept, or its clock was set: the guest's clock is wrong. */
  readonly onClockJumped: () => void
  readonly signal: AbortSignal
  readonly clocks?: Clocks
  readonly everyMs?: number
}

/** `wall`: what people read. `steady`: never set, and on most systems standing while the host sleeps. */
export interface Clocks {
  readonly wall: () => number
  readonly steady: () => number
}

const realClocks: Clocks = { wall: () => Date.now(), steady: () => performance.now() }
/** A guest is right within a second, ten seconds after the host woke. */
const defaultEveryMs = 5_000
const answerMs = 5_000
/** Two missed beats: one may be a host that was busy. */
const missesToFrozen = 2
const jumpMs = 700

/** Looks after a running VM now and then: whether it answers, and whether time was cut out of its life. */
export async function heartbeat(deps: HeartbeatDeps): Promise<void> {
  const { signal, clocks = realClocks, everyMs = defaultEveryMs } = deps
  let misses = 0
  let firstMissMs = 0
  let last = { wall: clocks.wall(), steady: clocks.steady() }
  for (;;) {
    try {
      await pause(everyMs, signal)
    } catch {
      return
    }
    const now = { wall: clocks.wall(), steady: clocks.steady() }
    const isLate = now.steady - last.steady > everyMs * 4
    if (Math.abs(now.wall - last.wall - (now.steady - last.steady)) > jumpMs || isLate) {
      log.info('machines', 'time jumped', {
        wallMs: now.wall - last.wall,
        steadyMs: now.steady - last.steady,
      })
      deps.onClockJumped()
    }
    last = now
    const isAlive = await answers(deps)
    if (signal.aborted) return
    if (isAlive && misses >= missesToFrozen) deps.onFrozen(undefined)
    if (!isAlive && misses === 0) firstMissMs = now.wall
    misses = isAlive ? 0 : misses + 1
    if (misses === missesToFrozen) deps.onFrozen(firstMissMs)
    // The answer itself may have waited: only sleep counts as a jump.
    last = { wall: clocks.wall(), steady: clocks.steady() }
  }
}

async function answers({ isAlive, signal }: HeartbeatDeps): Promise<boolean> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(answerMs)])
  return isAlive(limit).catch(() => false)
}
