/** The life of a machine whose engine core runs itself. */
export type Phase = 'stopped' | 'starting' | 'running' | 'stopping' | 'failed'
export type Move = 'start' | 'up' | 'fail' | 'stop' | 'down' | 'die'

/** Every allowed move. What is not here does not happen: asking for it is answered with the same phase. */
export const moves: Readonly<Record<Phase, Partial<Record<Move, Phase>>>> = {
  stopped: { start: 'starting' },
  starting: { up: 'running', fail: 'failed', stop: 'stopping' },
  running: { stop: 'stopping', die: 'failed' },
  stopping: { down: 'stopped' },
  // Stopping what failed takes away what is left of it.
  failed: { start: 'starting', stop: 'stopping' },
}

/** The phase after a move, or `undefined` when the move is not allowed. */
export const after = (phase: Phase, move: Move): Phase | undefined => moves[phase][move]
