import { expect, test } from 'vitest'
import type { Ending } from '../../../../shared/model'
import { detail } from '../sample-containers'
import { endedOf } from './why-ended'

const ending = (given: Partial<Ending>): Ending => ({
  exitCode: 0,
  oomKilled: false,
  error: '',
  finishedAtMs: 2000,
  ranMs: 1000,
  ...given,
})
const why = (given: Partial<Ending>): unknown =>
  endedOf(detail({ running: false, ending: ending(given) }))?.why

test('a running container has not ended', () => {
  expect(endedOf(detail({ running: true }))).toBeUndefined()
})

test('one that never ran says so', () => {
  expect(endedOf(detail({ running: false }))?.why).toEqual({ kind: 'never-started' })
})

test('each well-known exit code has its meaning', () => {
  const of = (exitCode: number): unknown => (why({ exitCode }) as { kind: string }).kind
  expect([0, 1, 2, 125, 126, 127, 3, 255].map(of)).toEqual([
    'finished',
    'general-error',
    'misuse',
    'run-failed',
    'not-executable',
    'not-found',
    'failed',
    'failed',
  ])
})

test('codes past 128 are signals: asked for, crashed or killed', () => {
  expect(why({ exitCode: 137 })).toEqual({ kind: 'killed' })
  expect(why({ exitCode: 139 })).toEqual({ kind: 'crashed', signal: 'SIGSEGV' })
  expect(why({ exitCode: 134 })).toEqual({ kind: 'crashed', signal: 'SIGABRT' })
  expect(why({ exitCode: 143 })).toEqual({ kind: 'stopped', signal: 'SIGTERM' })
  expect(why({ exitCode: 141 })).toEqual({ kind: 'signal', signal: 'SIGPIPE' })
})

test('out of memory is told apart from a plain kill', () => {
  expect(why({ exitCode: 137, oomKilled: true })).toEqual({ kind: 'out-of-memory' })
  expect(why({ exitCode: 0, oomKilled: true })).toEqual({ kind: 'finished' })
})

test('the words of the engine win over a code that says less', () => {
  expect(why({ exitCode: 128, error: 'port is already allocated' })).toEqual({ kind: 'engine-error' })
  expect(why({ exitCode: 127, error: 'exec: "x": not found' })).toEqual({ kind: 'not-found' })
})

test('a stop that was asked for is not bad news', () => {
  const isBad = (exitCode: number): unknown =>
    endedOf(detail({ running: false, ending: ending({ exitCode }) }))?.isBad
  expect([0, 143, 1, 137].map(isBad)).toEqual([false, false, true, true])
})

test('between two restarts it tells of the last run', () => {
  const again = detail({ running: true, restarting: true, restartCount: 4, ending: ending({ exitCode: 1 }) })
  expect(endedOf(again)).toMatchObject({ why: { kind: 'general-error' }, restartCount: 4, ranMs: 1000 })
})
