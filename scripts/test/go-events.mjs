// Reads what `go test -json` writes: an event a line. A package that does not compile is told in plain text among them.

/** @typedef {{ Action: string, Package?: string, Test?: string, Output?: string }} GoEvent */

/** @param {string} text @returns {GoEvent[]} */
export function goEvents(text) {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      try {
        return JSON.parse(line)
      } catch {
        const broken = /^FAIL\s+(\S+)/.exec(line)?.[1]
        return broken
          ? { Action: 'fail', Package: broken, Output: `${line}\n` }
          : { Action: 'output', Output: `${line}\n` }
      }
    })
}

const key = ({ Package = '', Test = '' }) => `${Package} ${Test}`

/** What each test printed, by `key`; a test's own lines only, without those that say that it runs. @param {GoEvent[]} events */
function printedBy(events) {
  /** @type {Map<string, string>} */
  const printed = new Map()
  for (const event of events) {
    const { Action, Output = '' } = event
    if (Action === 'output' && !/^=== /.test(Output))
      printed.set(key(event), (printed.get(key(event)) ?? '') + Output)
  }
  return printed
}

/** A skip's reason is what `t.Skip` printed: `file_test.go:98: why`. @param {string | undefined} printed */
const reasonIn = (printed) => /_test\.go:\d+: (.*)/.exec(printed ?? '')?.[1]

/** @param {GoEvent} event */
const titleOf = ({ Package = '', Test }) =>
  `agent: ${Package.replace(/^slipway\/agent\/?/, '') || 'agent'}${Test ? ` › ${Test}` : ''}`

/**
 * Counts tests, not what runs within them; but a skip is told wherever it is.
 * @param {GoEvent[]} events
 */
export function goCounts(events) {
  const printed = printedBy(events)
  const isTop = (/** @type {GoEvent} */ { Test }) => Test !== undefined && !Test.includes('/')
  const failed = events.filter((event) => event.Action === 'fail')
  const tests = failed.filter(isTop)
  // One that crashed or did not compile has no test that failed.
  const packages = failed.filter(
    ({ Package, Test }) => Test === undefined && !tests.some((one) => one.Package === Package),
  )
  /** @param {GoEvent} of */
  const textOf = (of) => {
    const within = [...printed].filter(([at]) => at === key(of) || (of.Test && at.startsWith(`${key(of)}/`)))
    return within.map(([, text]) => text).join('') || (of.Output ?? '')
  }
  return {
    passed: events.filter((event) => event.Action === 'pass' && isTop(event)).length,
    skipped: events
      .filter(({ Action, Test }) => Action === 'skip' && Test !== undefined)
      .map((event) => `${titleOf(event)} (${reasonIn(printed.get(key(event))) ?? 'without a reason'})`),
    failures: [...tests, ...packages].map((event) => ({ title: titleOf(event), text: textOf(event) })),
  }
}

/** For people: each package's line, and all that failed tests printed. @param {GoEvent[]} events */
export function goText(events) {
  const { skipped, failures } = goCounts(events)
  const packages = events
    .filter(({ Test, Output }) => Test === undefined && Output && Output !== 'PASS\n')
    .map(({ Output }) => Output)
  return [
    ...packages,
    ...skipped.map((line) => `skipped: ${line}\n`),
    ...failures.map(({ title, text }) => `failed: ${title}\n${text}`),
  ].join('')
}
