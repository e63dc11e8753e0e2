import { expect, test } from 'vitest'
import { compileQuery, matchingIndices, matchRanges, type Pattern, type Query } from './pattern'
import {
  type PatternAnswer,
  type PatternRequest,
  PatternRunner,
  PatternTooSlow,
  type PatternWorker,
} from './pattern-runner'

const query = (text: string, more: Partial<Query> = {}): Query => ({
  text,
  isRegex: false,
  matchCase: false,
  ...more,
})

function compiled(asked: Query): Pattern {
  const result = compileQuery(asked)
  if (!result.ok) throw new Error(result.problem)
  return result.pattern
}

test('plain text is taken literally', () => {
  const pattern = compiled(query('a.b*(c)[d]'))
  expect(pattern.isLiteral).toBe(true)
  expect(matchingIndices(pattern, ['A.B*(C)[D]', 'axb', ''])).toEqual([0])
  expect(matchingIndices(compiled(query('A', { matchCase: true })), ['a', 'A'])).toEqual([1])
})

test('where a text matches is told in places of that text', () => {
  expect(matchRanges(compiled(query('é')), ['xéyÉ'])).toEqual([[1, 2, 3, 4]])
  expect(matchRanges(compiled(query('a*', { isRegex: true })), ['baab'])).toEqual([[1, 3]])
})

test('a bad expression says why', () => {
  const result = compileQuery(query('(', { isRegex: true }))
  expect(result.ok).toBe(false)
  expect(result.ok ? '' : result.problem).toMatch(/unterminated/i)
})

test('an expression that only the older mode knows still works', () => {
  expect(matchingIndices(compiled(query('\\-x', { isRegex: true })), ['a-x'])).toEqual([0])
})

/** A worker on this thread: answers, or never when `isStuck`. */
function fakeWorker(isStuck: boolean): PatternWorker & { isTerminated: boolean } {
  const listeners: ((event: { data?: PatternAnswer }) => void)[] = []
  const tell = (data: PatternAnswer): void => listeners.forEach((listener) => listener({ data }))
  return {
    isTerminated: false,
    addEventListener(kind, listener) {
      if (kind !== 'message') return
      listeners.push(listener)
      queueMicrotask(() => tell({ id: 0 }))
    },
    postMessage({ id, pattern, texts }: PatternRequest) {
      if (!isStuck) queueMicrotask(() => tell({ id, hits: matchingIndices(pattern, texts) }))
    },
    terminate() {
      this.isTerminated = true
    },
  }
}

test('expressions run in the worker, plain text does not wait for it', async () => {
  let made = 0
  const runner = new PatternRunner(() => (made++, fakeWorker(false)))
  expect(await runner.scan(compiled(query('b')), ['a', 'b'])).toEqual([1])
  expect(made).toBe(0)
  expect(await runner.scan(compiled(query('b|c', { isRegex: true })), ['a', 'b', 'c'])).toEqual([1, 2])
  expect(made).toBe(1)
})

test('an expression that takes too long ends its worker, and the next gets a new one', async () => {
  const workers: (PatternWorker & { isTerminated: boolean })[] = []
  const runner = new PatternRunner(() => {
    const worker = fakeWorker(workers.length === 0)
    workers.push(worker)
    return worker
  }, 20)
  const slow = compiled(query('(a+)+$', { isRegex: true }))
  await expect(runner.scan(slow, ['aaaa'])).rejects.toBeInstanceOf(PatternTooSlow)
  expect(workers[0]?.isTerminated).toBe(true)
  expect(await runner.scan(compiled(query('a+', { isRegex: true })), ['a'])).toEqual([0])
  expect(workers).toHaveLength(2)
})
