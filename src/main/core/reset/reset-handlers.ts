import type { Handlers } from '../../../shared/contract'
import type { ResetResult } from '../../../shared/model'
import type { ResetDeps } from './reset-deps'
import { planReset } from './reset-plan'
import { runReset } from './reset-run'

export function resetHandlers(deps: ResetDeps): Pick<Handlers, 'reset.plan' | 'reset.run'> {
  let running: Promise<ResetResult> | undefined
  return {
    'reset.plan': () => planReset(deps),
    // Two that ask at once mean the same one.
    'reset.run': () =>
      (running ??= deps.asTask((run) => runReset(deps, run)).finally(() => (running = undefined))),
  }
}
