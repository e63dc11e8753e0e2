import { expect, test } from 'vitest'
import { endingOf } from './container-detail'
import { signalOf } from './exit-signal'
import { parseSockets } from './port-holder'

test('an exit code tells its signal', () => {
  expect([137, 143, 139, 130, 134, 0, 1, 128, 255].map(signalOf)).toEqual([
    'SIGKILL',
    'SIGTERM',
    'SIGSEGV',
    'SIGINT',
    'SIGABRT',
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})

const never = '0001-01-01T00:00:00Z'

test('what runs, or never ran, has no ending', () => {
  expect(endingOf({ Running: true, StartedAt: '2026-01-01T00:00:00Z', FinishedAt: never })).toBeUndefined()
  expect(endingOf({ Running: false, StartedAt: never, FinishedAt: never, ExitCode: 0 })).toBeUndefined()
})

test('an ending tells code, signal, memory and how long it ran', () => {
  const times = { StartedAt: '2026-01-01T00:00:00Z', FinishedAt: '2026-01-01T00:00:01.5Z' }
  expect(endingOf({ ...times, ExitCode: 137, OOMKilled: true })).toEqual({
    exitCode: 137,
    signal: 'SIGKILL',
    oomKilled: true,
    error: '',
    finishedAtMs: Date.parse(times.FinishedAt),
    ranMs: 1500,
  })
})

test('one that could not start tells the error of the engine', () => {
  expect(
    endingOf({ StartedAt: never, FinishedAt: never, ExitCode: 127, Error: 'no such file' }),
  ).toMatchObject({
    exitCode: 127,
    error: 'no such file',
    ranMs: 0,
  })
})

test('sockets of /proc/net are found by port and state', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4242 1 0
   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 4243 1 0
   2: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4244 1 0`
  expect(parseSockets(table, '0A', 8080)).toEqual(['4242'])
  expect(parseSockets('', '0A', 8080)).toEqual([])
})
