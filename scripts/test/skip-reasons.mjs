// A reporter for Vitest, which leaves the note of `context.skip(note)` out of its JSON: it puts it where the JSON has it.
export default class SkipReasons {
  onTestCaseResult(test) {
    const { state, note } = test.result()
    if (state === 'skipped' && note) test.meta().skipReason = note
  }
}
