import { expect, test } from 'vitest'
import { countGo, countPlaywright, countVitest, firstLines, sum } from './counts.mjs'
import { goEvents, goText } from './go-events.mjs'

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
    { ...assertion('there', 'skipped'), meta: { skipReason: 'no engine' } },
    assertion('bad', 'failed', ['Error: wrong\n    at x']),
  ]
  const report = { testResults: [{ name: '/a.test.ts', status: 'failed', assertionResults }] }
  expect(countVitest('unit', report, false)).toEqual({
    ...{ passed: 1, failed: 1, skipped: ['unit: later', 'unit: there (no engine)'] },
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

const event = (Action: string, where: string, Output?: string): string => {
  const [folder, Test] = where.split(' ')
  return JSON.stringify({ Action, Package: `slipway/agent/${folder}`, Test, Output })
}
const go = [
  event('run', 'files TestGood'),
  event('output', 'files TestGood', '=== RUN   TestGood\n'),
  event('output', 'files TestGood/inner', '    files_test.go:98: mounts are made by root only\n'),
  event('skip', 'files TestGood/inner'),
  event('pass', 'files TestGood'),
  event('output', 'files TestBad/inner', '    files_test.go:7: wrong\n'),
  event('fail', 'files TestBad/inner'),
  event('fail', 'files TestBad'),
  event('output', 'files', 'FAIL\tslipway/agent/files\t0.1s\n'),
  event('fail', 'files'),
  event('output', 'layers', 'panic: no\n'),
  event('fail', 'layers'),
  event('skip', 'golden'),
  'FAIL\tslipway/agent/logs [build failed]',
].join('\n')

test('go: tests are counted, a skip within one is told with its reason, and why one failed', () => {
  expect(countGo(go, false)).toEqual({
    ...{ passed: 1, failed: 3, skipped: ['agent: files › TestGood/inner (mounts are made by root only)'] },
    failures: [
      { title: 'agent: files › TestBad', why: ['    files_test.go:7: wrong'] },
      { title: 'agent: layers', why: ['panic: no'] },
      { title: 'agent: logs', why: ['FAIL\tslipway/agent/logs [build failed]'] },
    ],
  })
  expect(countGo('', false).failures[0]?.title).toContain('the runner itself failed')
  expect(goText(goEvents(go))).toContain('skipped: agent: files › TestGood/inner (mounts')
})
