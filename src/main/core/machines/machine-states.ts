/** The life of what hosts an engine that core runs itself: a VM, or the private engine of this host. */
export type Phase = 'absent' | 'stopped' | 'starting' | 'running' | 'degraded' | 'stopping' | 'failed'

/**
 * `die`: it ended by itself. `keep`: a stop did not come about and it goes on. `empty`: its disk is gone, its
 * settings are not.
 */
export type Move = 'start' | 'up' | 'fail' | 'degrade' | 'mend' | 'die' | 'stop' | 'down' | 'keep' | 'empty'

/** Every allowed move. What is not here does not happen: asking for it is answered with the same phase. */
export const moves: Readonly<Record<Phase, Partial<Record<Move, Phase>>>> = {
  absent: { start: 'starting' },
  stopped: { start: 'starting', empty: 'absent' },
  starting: { up: 'running', fail: 'failed', stop: 'stopping' },
  running: { degrade: 'degraded', stop: 'stopping', die: 'failed' },
  degraded: { degrade: 'degraded', mend: 'running', stop: 'stopping', die: 'failed' },
  stopping: { down: 'stopped', keep: 'running', fail: 'failed' },
  // Stopping what failed takes away what is left of it.
  failed: { start: 'starting', stop: 'stopping', empty: 'absent' },
}

/** The phase after a move, or `undefined` when the move is not allowed. */
export const after = (phase: Phase, move: Move): Phase | undefined => moves[phase][move]

/** Whether its hypervisor or daemon may be there. */
export const isUp = (phase: Phase): boolean => phase === 'running' || phase === 'degraded'
