import type { Handlers } from '../../../shared/contract'
import { diagnose } from './diagnosis'
import { reportText, type ReportDeps } from './report'

export function diagnosticsHandlers(
  deps: ReportDeps,
): Pick<Handlers, 'diagnostics.run' | 'diagnostics.report'> {
  return {
    'diagnostics.run': (_, signal) => diagnose(deps, signal),
    'diagnostics.report': async (_, signal) => ({
      text: await reportText(deps, await diagnose(deps, signal)),
    }),
  }
}
