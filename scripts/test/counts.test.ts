import { expect, test } from 'vitest'
import { countPlaywright, countVitest, firstLines, sum } from './counts.mjs'

test('the first lines of an error are plain text', () => {
  expect(firstLines('\u001B[31mred\u001B[39m\n\n  two\nthree', 2)).toEqual(['red', '  two'])
  expect(firstLines(undefined)).toEqual([])
})

test('vitest: what passed, was skipped and failed, with why', () => {
  const assertion = (title: string, status: string, failureMessages: string[] = []) => ({
    ...{ ancestorTitles: [], title, status, failureMessages },
  })
  const assertionResults = [
    assertion('good', 'passed'),
    assertion('later', 'skipped'),
    assertion('bad', 'failed', ['Error: wrong\n    at x']),
  ]
  const report = { testResults: [{ name: '/a.test.ts', status: 'failed', assertionResults }] }
  expect(countVitest('unit', report, false)).toEqual({
    ...{ passed: 1, failed: 1, skipped: ['unit: later'] },
    failures: [{ title: 'unit: bad', why: ['Error: wrong', '    at x'] }],
  })
})

test('vitest: a file that failed before its tests is told with its reason', () => {
  const assertionResults = [{ ancestorTitles: [], title: 'one', status: 'skipped', failureMessages: [] }]
  const report = {
    testResults: [{ name: '/b.test.ts', status: 'failed', message: 'no engine', assertionResults }],
  }
  expect(countVitest('vm', report, false).failures).toEqual([{ title: 'vm: /b.test.ts', why: ['no engine'] }])
})

test('a runner that crashed, or ran nothing, has failed', () => {
  expect(countVitest('unit', undefined, false).failed).toBe(1)
  expect(countVitest('unit', { testResults: [] }, true).failures[0]?.title).toBe('unit: ran no test')
})

test('playwright: the last error of a failure, and the reason of a skip', () => {
  const one = (title: string, outcome: object) => ({ title, tests: [outcome] })
  const specs = [
    one('good', { status: 'expected' }),
    one('none', { status: 'skipped', annotations: [{ type: 'skip', description: 'no binary' }] }),
    one('bad', { status: 'unexpected', results: [{ error: { message: '\u001B[2mnot seen\u001B[22m' } }] }),
  ]
  const counts = countPlaywright({ suites: [{ title: 'a.e2e.ts', specs }] }, false)
  expect(counts).toEqual({
    ...{ passed: 1, failed: 1, skipped: ['e2e: a.e2e.ts › none (no binary)'] },
    failures: [{ title: 'e2e: a.e2e.ts › bad', why: ['not seen'] }],
  })
  expect(sum([counts, counts]).failed).toBe(2)
})
