import { expect, test } from 'vitest'
import { formatTime } from '../../../i18n/format'
import { timeLabels, timeRange } from './time-axis'

const now = Date.UTC(2026, 0, 1, 12) / 1000

test('the newest reading stands at the right edge, with at least a minute before it', () => {
  expect(timeRange([now])).toEqual([now - 60, now])
  expect(timeRange([now - 10, now])).toEqual([now - 60, now])
  expect(timeRange([now - 300, now])).toEqual([now - 300, now])
})

test('without a reading there is no time, and no label tells one', () => {
  expect(timeRange([])).toEqual([null, null])
  expect(timeLabels([], [0, 30])).toEqual(['', ''])
  expect(timeLabels([now], [now])).toEqual([formatTime(now * 1000, 'time')])
})
