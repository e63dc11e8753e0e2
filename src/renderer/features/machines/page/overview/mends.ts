import type { DegradedReason, Machine } from '../../../../../shared/model'

/** A button that mends, or leads to where it can be mended. */
export type Mend =
  | 'retry'
  | 'cold'
  | 'restart'
  | 'kill'
  | 'memory'
  | 'grow'
  | 'prune'
  | 'trim'
  | 'settings'
  | 'shares'
  | 'ports'
  | 'console'
  | 'log'
  | 'reset'

/** For a machine that failed: what helps against the cause first, then what always helps to see. */
export function mendsOfFailure(state: Extract<Machine['state'], { kind: 'failed' }>): readonly Mend[] {
  const looks: readonly Mend[] = ['console', 'log']
  const { code } = state.cause
  // A state that could not be loaded would fail in the same way again.
  const again: readonly Mend[] = state.stage === 'load' ? ['cold'] : ['retry', 'cold']
  switch (code) {
    case 'disk.full':
    case 'machine.disk-failed':
      return ['retry', 'grow', 'settings', ...looks, 'reset']
    case 'machine.unavailable':
      return ['retry', 'settings', 'log']
    case 'machine.boot-timeout':
    case 'machine.crashed':
    case 'machine.ended':
      return [...again, 'memory', ...looks, 'reset']
    case 'machine.disk-in-use':
      return ['retry', 'log']
    case 'machine.daemon-json':
      return ['settings', 'retry', ...looks]
    default:
      return [...again, 'settings', ...looks, 'reset']
  }
}

/** For one reason why not everything works. */
export function mendsOfReason({ kind }: DegradedReason): readonly Mend[] {
  switch (kind) {
    case 'engine-down':
      return ['restart', 'settings', 'console']
    case 'tunnel-down':
      return ['restart', 'console']
    case 'guest-frozen':
      return ['restart', 'kill', 'console']
    case 'disk-full':
      return ['prune', 'grow']
    case 'host-disk-full':
      return ['prune', 'trim']
    case 'out-of-memory':
      return ['memory', 'console']
    case 'share-failed':
      return ['shares']
    case 'port-failed':
      return ['ports']
    case 'socket-failed':
      return ['restart', 'log']
  }
}
