import { formatTime } from '../../../i18n/format'

const leastSpanS = 60

/**
 * From the first to the newest reading, in Unix seconds, and at least a minute: one reading alone has no width, and the
 * chart's own answer to that is a whole day with the labels of its midnight. Nothing while there is no reading.
 */
export function timeRange(times: ArrayLike<number>): [number, number] | [null, null] {
  const [first, newest] = [times[0], times[times.length - 1]]
  if (first === undefined || newest === undefined) return [null, null]
  return [Math.min(first, newest - leastSpanS), newest]
}

/** Without a reading there is no time to tell. */
export const timeLabels = (times: ArrayLike<number>, splits: readonly number[]): string[] =>
  splits.map((at) => (times.length === 0 ? '' : formatTime(at * 1000, 'time')))
