import type { TerminalRefusal, TerminalRoad } from '../../../shared/model'
import type { Translate } from '../../i18n'

/** These are no difference: nothing was opened at all. */
const failures: ReadonlySet<TerminalRefusal> = new Set(['gone', 'time', 'failed'])

/** How a container's terminal is carried: a word or two, and why. */
export function roadWords(
  t: Translate,
  road: TerminalRoad,
): { readonly short: string; readonly long: string } {
  if (road.kind === 'agent') return { short: t('terminal.road.agent'), long: t('terminal.road.agentText') }
  const short = t('terminal.road.api')
  if (road.refused === undefined) return { short, long: t('terminal.road.apiText') }
  const reason = t(`terminal.road.refused.${road.refused}`)
  const key = failures.has(road.refused) ? 'terminal.road.failedText' : 'terminal.road.refusedText'
  return { short: t('terminal.road.apiBecause', { reason }), long: t(key, { reason }) }
}
