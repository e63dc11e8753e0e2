import { timeLimit } from '../../../platform/time-limit'
import { log } from '../../../platform/log'
import { pause } from '../../../platform/wait-for'

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
  const misses = new Misses(deps.onFrozen)
  let last = read(clocks)
  for (;;) {
    try {
      await pause(everyMs, signal)
    } catch {
      return
    }
    const now = read(clocks)
    if (hasJumped(last, now, everyMs)) {
      log.info('machines', 'time jumped', {
        wallMs: now.wall - last.wall,
        steadyMs: now.steady - last.steady,
      })
      deps.onClockJumped()
    }
    const isAlive = await answers(deps)
    if (signal.aborted) return
    misses.count(isAlive, now.wall)
    // The answer itself may have waited: only sleep counts as a jump.
    last = read(clocks)
  }
}

interface Reading {
  readonly wall: number
  readonly steady: number
}

const read = ({ wall, steady }: Clocks): Reading => ({ wall: wall(), steady: steady() })

function hasJumped(last: Reading, now: Reading, everyMs: number): boolean {
  const steadyMs = now.steady - last.steady
  // Where the steady clock goes on in sleep, a beat that comes much too late tells of it.
  return Math.abs(now.wall - last.wall - steadyMs) > jumpMs || steadyMs > everyMs * 4
}

class Misses {
  #count = 0
  #sinceMs = 0

  constructor(private readonly onFrozen: HeartbeatDeps['onFrozen']) {}

  count(isAlive: boolean, atMs: number): void {
    if (isAlive) {
      if (this.#count >= missesToFrozen) this.onFrozen(undefined)
      this.#count = 0
      return
    }
    if (this.#count === 0) this.#sinceMs = atMs
    this.#count++
    if (this.#count === missesToFrozen) this.onFrozen(this.#sinceMs)
  }
}

async function answers({ isAlive, signal }: HeartbeatDeps): Promise<boolean> {
  const limit = timeLimit(signal, answerMs)
  return isAlive(limit).catch(() => false)
}
