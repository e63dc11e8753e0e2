/**
 * Waiting times between tries: doubles from `minMs` to `maxMs`, with up to 20 % taken off at random so
 * that many clients of one dead engine do not knock in step.
 */
export function backoffMs(
  attempt: number,
  range: { minMs: number; maxMs: number },
  random = Math.random,
): number {
  const full = Math.min(range.maxMs, range.minMs * 2 ** Math.min(attempt, 30))
  return Math.round(full * (1 - 0.2 * random()))
}
