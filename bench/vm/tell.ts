import type { Result } from '../measure'

/** A row that has no goal: it says how things are, and neither holds nor misses. */
export const tell = (result: Result): Result => ({ ...result, goal: 'none', holds: true })

/** A figure that must reach a limit of its own. */
export const atLeast = (about: { row: string; unit: string }, ours: number, least: number): Result => ({
  ...about,
  ...{ peer: least, ours, ratio: ours / least },
  ...{ goal: `>= ${least} ${about.unit}`, holds: ours >= least },
})
