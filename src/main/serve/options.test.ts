import { expect, test } from 'vitest'
import { readServeOptions, UsageError } from './options'

test('without arguments it is a free port on 127.0.0.1', () => {
  expect(readServeOptions([])).toEqual({ host: '127.0.0.1', port: 0 })
})

test.each([
  [['--port', '8080'], { host: '127.0.0.1', port: 8080 }],
  [['--port=0', '--no-open'], { host: '127.0.0.1', port: 0 }],
  [['--host', 'localhost'], { host: '127.0.0.1', port: 0 }],
  [['--host', '::1'], { host: '::1', port: 0 }],
  [['--help'], undefined],
])('%j is understood', (args, options) => {
  expect(readServeOptions(args)).toEqual(options)
})

test.each([
  '0.0.0.0',
  '::',
  '',
  '192.168.1.2',
  'example.org',
  '127.0.0.2',
  '127.1',
  '2130706433',
  '[::]',
  '*',
  '__proto__',
  'constructor',
  'localhost.',
  '::ffff:127.0.0.1',
  '10.0.0.1',
  '127.0.0.1:80',
])('--host %j is refused', (host) => {
  expect(() => readServeOptions([`--host=${host}`])).toThrow(UsageError)
})

test.each([['--port', '65536'], ['--port', '-1'], ['--port', '8o80'], ['--port'], ['--bogus'], ['extra']])(
  '%j %j is a mistake',
  (...args) => {
    expect(() => readServeOptions(args.filter((arg) => typeof arg === 'string'))).toThrow(UsageError)
  },
)
