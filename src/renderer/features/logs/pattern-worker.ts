// Runs patterns that people wrote: one that backtracks for ever stalls this thread only, and is ended from outside.
import { matchingIndices, matchRanges } from './pattern'
import type { PatternAnswer, PatternRequest } from './pattern-runner'

const post = (answer: PatternAnswer): void => self.postMessage(answer)

self.addEventListener('message', (event: MessageEvent<PatternRequest>) => {
  const { id, what, pattern, texts } = event.data
  if (what === 'scan') post({ id, hits: matchingIndices(pattern, texts) })
  else post({ id, ranges: matchRanges(pattern, texts) })
})
post({ id: 0 })
