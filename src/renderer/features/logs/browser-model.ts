import { LogModel } from './log-model'
import { PatternRunner, type PatternWorker } from './pattern-runner'

const makeWorker = (): PatternWorker =>
  new Worker(new URL('./pattern-worker.ts', import.meta.url), { type: 'module' })

/** A log on the browser's own clock and threads. */
export const browserModel = (): LogModel =>
  new LogModel({
    runner: new PatternRunner(makeWorker),
    onFrame: (run) => void requestAnimationFrame(run),
    breathe: () => new Promise((resolve) => setTimeout(resolve)),
  })
