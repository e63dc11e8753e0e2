// Reads the runners' own JSON reports: what passed, failed and was skipped, by name; of a failure also why.

import { goCounts, goEvents } from './go-events.mjs'

const empty = () => ({ passed: 0, failed: 0, skipped: [], failures: [] })

/** The first lines of an error: what went wrong, without colours and without the long way there. */
export function firstLines(text, most = 12) {
  // oxlint-disable-next-line no-control-regex -- runners colour their messages
  const lines = (text ?? '').replace(/\u001B\[[0-9;]*m/g, '').split('\n')
  return lines.filter((line) => line.trim() !== '').slice(0, most)
}

/** A runner that failed without naming a test (a crash, a broken file) still counts as one failure. */
function settle(name, counts, isGood) {
  if (!isGood && counts.failed === 0)
    return {
      ...counts,
      failed: 1,
      failures: [{ title: `${name}: the runner itself failed, see ${name}.log`, why: [] }],
    }
  if (counts.passed + counts.failed === 0)
    return { ...counts, failed: 1, failures: [{ title: `${name}: ran no test`, why: [] }] }
  return counts
}

/** `report` is vitest's JSON reporter's file (the shape of Jest's), with the reasons that `skip-reasons.mjs` puts there. */
export function countVitest(name, report, isGood) {
  const counts = empty()
  for (const file of report?.testResults ?? []) {
    for (const one of file.assertionResults) {
      const title = `${name}: ${[...one.ancestorTitles, one.title].join(' › ')}`
      if (one.status === 'passed') counts.passed++
      else if (one.status === 'failed')
        counts.failures.push({ title, why: firstLines(one.failureMessages?.[0]) })
      else counts.skipped.push(one.meta?.skipReason ? `${title} (${one.meta.skipReason})` : title)
    }
    if (file.status === 'failed' && file.assertionResults.every((one) => one.status !== 'failed'))
      counts.failures.push({ title: `${name}: ${file.name}`, why: firstLines(file.message) })
  }
  counts.failed = counts.failures.length
  return settle(name, counts, isGood)
}

/** `report` is Playwright's JSON reporter's file. A skip's reason is its annotation's description. */
export function countPlaywright(report, isGood) {
  const counts = empty()
  const walk = (suite, path) => {
    for (const spec of suite.specs ?? []) {
      for (const one of spec.tests) {
        const title = `e2e: ${[...path, spec.title].join(' › ')}`
        const why = one.annotations?.find((note) => note.type === 'skip')?.description
        if (one.status === 'skipped') counts.skipped.push(why ? `${title} (${why})` : title)
        else if (one.status === 'expected') counts.passed++
        else counts.failures.push({ title, why: firstLines(one.results?.at(-1)?.error?.message) })
      }
    }
    for (const inner of suite.suites ?? []) walk(inner, [...path, inner.title])
  }
  for (const suite of report?.suites ?? []) walk(suite, [suite.title])
  counts.failed = counts.failures.length
  return settle('e2e', counts, isGood)
}

/** `text` is what `go test -json` wrote. */
export function countGo(text, isGood) {
  const { passed, skipped, failures } = goCounts(goEvents(text))
  const told = failures.map(({ title, text: printed }) => ({ title, why: firstLines(printed) }))
  return settle('agent', { passed, failed: told.length, skipped, failures: told }, isGood)
}

export const sum = (all) =>
  all.reduce(
    (total, one) => ({
      passed: total.passed + one.passed,
      failed: total.failed + one.failed,
      skipped: [...total.skipped, ...one.skipped],
      failures: [...total.failures, ...one.failures],
    }),
    empty(),
  )
