import { expect, test } from 'vitest'
import { isAddress } from './address'
import { parseEnvFile } from './env-file'
import { formatDuration, formatSize, parseDuration, parseSize } from './units'

test('sizes are read as docker reads them', () => {
  expect(['512m', '1.5g', '64KiB', '100b', '7', '1 gb'].map(parseSize)).toEqual([
    512 * 1024 ** 2,
    1.5 * 1024 ** 3,
    65536,
    100,
    7,
    1024 ** 3,
  ])
  for (const bad of ['', 'm', '-1m', '1x', '1mm', '9999999p']) expect(parseSize(bad), bad).toBeUndefined()
  for (const bytes of [0, 1, 1023, 1024, 1536, 3 * 1024 ** 2, 2 ** 40])
    expect(parseSize(formatSize(bytes))).toBe(bytes)
})

test('durations are read and written as Go does', () => {
  expect(['1m30s', '500ms', '1h', '1.5s', '0', '2us'].map(parseDuration)).toEqual([
    90, 0.5, 3600, 1.5, 0, 2e-6,
  ])
  for (const bad of ['', '5', '-1s', '1d', 's', '1s2']) expect(parseDuration(bad), bad).toBeUndefined()
  expect([90, 0.5, 3600, 0, 3661.25, 1e-9].map(formatDuration)).toEqual([
    '1m30s',
    '500ms',
    '1h',
    '0s',
    '1h1m1.25s',
    '1ns',
  ])
})

test('an env file keeps quotes, skips comments and names bad lines', () => {
  expect(parseEnvFile('\uFEFF# x\nA=1\r\n\n  B="a b" # c\nPATH\n=x\nC D=1\nE=a=b\n')).toEqual({
    env: [
      { name: 'A', value: '1' },
      { name: 'B', value: '"a b" # c' },
      { name: 'E', value: 'a=b' },
    ],
    problems: [
      { line: 5, code: 'from-shell', name: 'PATH' },
      { line: 6, code: 'name-empty', name: '' },
      { line: 7, code: 'name-space', name: 'C D' },
    ],
  })
})

test('addresses are told from what only looks like one', () => {
  for (const good of ['1.2.3.4', '::', '::1', 'fe80::1%eth0', '1:2:3:4:5:6:7:8', '::ffff:1.2.3.4'])
    expect(isAddress(good), good).toBe(true)
  for (const bad of [
    '',
    '1.2.3',
    '256.1.1.1',
    '01.2.3.4',
    ':::',
    '1::2::3',
    '12345::',
    'x',
    '1:2:3:4:5:6:7:8:9',
  ])
    expect(isAddress(bad), bad).toBe(false)
})
