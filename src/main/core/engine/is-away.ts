import { isCode } from '../../../shared/errors'

/**
 * The engine, or the road to it, is away and may come back by itself: worth waiting for. A socket that is away is told
 * by the tunnel where a tunnel leads to it.
 */
export const isAway = (error: unknown): boolean =>
  isCode(
    error,
    'engine.unreachable',
    'engine.socket-missing',
    'engine.forbidden',
    'engine.not-responding',
    'tunnel.lost',
    'tunnel.refused',
    'tunnel.unreachable',
    'tunnel.not-responding',
    'tunnel.bad-answer',
    'tunnel.busy',
    'ssh.no-engine',
  )
