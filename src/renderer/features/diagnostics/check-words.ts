import type { Check, CheckName } from '../../../shared/model'
import type { Translate } from '../../i18n'
import { formatBytes, formatDuration } from '../../i18n/format'

/** What was found, in the person's words. */
export const checkWords = (t: Translate, check: Check): string => words[check.name](t, check)

type Words = (t: Translate, check: Check) => string

const words: Readonly<Record<CheckName, Words>> = {
  'data-folder': (t, { state }) => t(state === 'good' ? 'diagnostics.canWrite' : 'diagnostics.cannotWrite'),
  'free-space': (t, check) => t('diagnostics.free', sizes(check)),
  memory: (t, check) => t('diagnostics.free', sizes(check)),
  'no-engine': (t) => t('diagnostics.noEngine'),
  engine: (t, { state, facts }) => {
    if (state === 'good')
      return t('diagnostics.engineGood', { version: fact(facts['version']), api: fact(facts['api']) })
    if (state === 'bad') return t('diagnostics.engineBad', { address: fact(facts['address']) })
    return t(state === 'note' ? 'diagnostics.engineStopped' : 'diagnostics.engineComing', {
      duration: formatDuration(Number(facts['forMs'] ?? 0)),
    })
  },
  clock: (t, { state, facts }) => {
    if (state === 'good') return t('diagnostics.clockGood')
    const aheadMs = Number(facts['aheadMs'])
    const duration = formatDuration(Math.abs(aheadMs))
    return t(aheadMs > 0 ? 'diagnostics.clockAhead' : 'diagnostics.clockBehind', { duration })
  },
  agent: (t, { state }) =>
    t(
      state === 'good'
        ? 'diagnostics.agentGood'
        : state === 'warning'
          ? 'diagnostics.agentFailed'
          : 'diagnostics.agentOff',
    ),
  'docker-cli': (t, { state, facts }) =>
    state === 'good'
      ? t('diagnostics.cliGood', { version: fact(facts['version']), context: fact(facts['context']) })
      : t('diagnostics.cliMissing'),
  'docker-plugin': (t, { state, facts }) =>
    t(state === 'good' ? 'diagnostics.pluginGood' : 'diagnostics.pluginMissing', {
      plugin: fact(facts['plugin']),
      version: fact(facts['version']),
    }),
  hypervisor: (t, { state, facts }) => {
    if (state === 'bad') return t('diagnostics.hypervisorMissing')
    const values = { version: fact(facts['version']), accelerator: fact(facts['accelerator']) }
    return t(state === 'good' ? 'diagnostics.hypervisorGood' : 'diagnostics.hypervisorEmulated', values)
  },
  machine: (t, { state }) => t(`diagnostics.machine.${state}`),
}

const fact = (value: string | number | boolean | undefined): string => String(value ?? '')

const sizes = ({ facts }: Check): { free: string; total: string } => ({
  free: formatBytes(Number(facts['freeBytes'])),
  total: formatBytes(Number(facts['totalBytes'])),
})
