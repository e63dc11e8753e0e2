import { afterEach, expect, test } from 'vitest'
import { setLanguage } from '.'
import { formatAge, formatBytes, formatDuration, formatNumber, formatPercent } from './format'

afterEach(() => setLanguage('en'))
const minute = 60_000

test('bytes are decimal like docker images, or binary like docker stats', () => {
  expect([0, 999, 1000, 1500, 123_456_789].map((n) => formatBytes(n))).toEqual([
    '0 B',
    '999 B',
    '1 kB',
    '1.5 kB',
    '123 MB',
  ])
  expect([1023, 1024, 1536 * 1024].map((n) => formatBytes(n, 'binary'))).toEqual([
    '1,023 B',
    '1 KiB',
    '1.5 MiB',
  ])
})

test('a number at the edge of a unit takes the next unit', () => {
  expect(formatBytes(999_999)).toBe('1 MB')
  expect(formatBytes(-5)).toBe('0 B')
})

test('an age is one unit, and the future is now', () => {
  const ages = [0, 59_000, 5 * minute, 3 * 60 * minute, 8 * 24 * 60 * minute]
  expect(ages.map((age) => formatAge(1e12 - age, 1e12))).toEqual([
    'now',
    'now',
    '5 min. ago',
    '3 hr. ago',
    '1 wk. ago',
  ])
  expect(formatAge(1e12 + minute, 1e12)).toBe('now')
})

test('a duration is its two greatest units', () => {
  expect([320, 1400, 59_000, 65_000, 3 * 3_600_000, 26 * 3_600_000].map(formatDuration)).toEqual([
    '320 ms',
    '1.4 sec',
    '59 sec',
    '1 min 5 sec',
    '3 hr',
    '1 day 2 hr',
  ])
})

test('numbers follow the language', async () => {
  expect(formatNumber(1234.5, 1)).toBe('1,234.5')
  expect([12.34, 250.4].map(formatPercent)).toEqual(['12.3%', '250%'])
  await setLanguage('ko')
  expect(formatAge(1e12 - 5 * minute, 1e12)).toBe('5분 전')
  expect(formatDuration(65_000)).toBe('1분 5초')
})
