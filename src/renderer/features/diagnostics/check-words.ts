import type { Facts } from '../../../shared/errors'
import { bootStages, kinds, type Check, type CheckName, type DegradedReason } from '../../../shared/model'
import type { Translate } from '../../i18n'
import { formatBytes, formatDuration } from '../../i18n/format'

/** What was found, in the person's words. */
export const checkWords = (t: Translate, check: Check): string => words[check.name](t, check)

type Words = (t: Translate, check: Check) => string

const words: Readonly<Record<CheckName, Words>> = {
  'data-folder': (t, { state }) => t(state === 'good' ? 'diagnostics.canWrite' : 'diagnostics.cannotWrite'),
  'free-space': (t, check) =>
    check.facts['totalBytes'] === undefined
      ? t('diagnostics.diskSilent')
      : t('diagnostics.free', sizes(check)),
  memory: (t, check) => t('diagnostics.free', sizes(check)),
  'no-engine': (t) => t('diagnostics.noEngine'),
  engine: (t, { state, facts }) => {
    if (state === 'good')
      return t('diagnostics.engineGood', { version: fact(facts['version']), api: fact(facts['api']) })
    if (state === 'bad') return t('diagnostics.engineBad', { address: fact(facts['address']) })
    const duration = formatDuration(Number(facts['forMs'] ?? 0))
    if (state === 'note') return t('diagnostics.engineStopped')
    return t(
      facts['state'] === 'connecting' ? 'diagnostics.engineConnecting' : 'diagnostics.engineStarting',
      { duration },
    )
  },
  list: (t, { facts }) => {
    const kind = kinds.find((one) => one === facts['kind'])
    const list = kind ? t(`${kind}.title`) : ''
    return t(facts['state'] === 'awaited' ? 'diagnostics.listAwaited' : 'diagnostics.listRefused', { list })
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
  machine: (t, { facts }) => machineWords(t, facts),
}

/** As the machine's own page says it; all reasons, not only the first. */
function machineWords(t: Translate, facts: Facts): string {
  const stage = bootStages.find((one) => one === facts['stage'])
  switch (facts['state']) {
    case 'degraded': {
      const kinds = fact(facts['reasons']).split(', ')
      const reasons = degradedKinds.filter((kind) => kinds.includes(kind))
      return t('machines.state.degradedWith', {
        reason: reasons.map((kind) => t(`machines.reason.${kind}`)).join(', '),
      })
    }
    case 'failed':
      if (stage) return t('machines.state.failed', { stage: t(`machines.stage.${stage}`) })
      return t(
        facts['stage'] === 'stopping' ? 'machines.state.failedStopping' : 'machines.state.failedRunning',
      )
    case 'starting':
      return stage ? t('machines.state.starting', { stage: t(`machines.stage.${stage}`) }) : ''
    case 'stopping':
      return t('diagnostics.machineStopping')
    case 'running':
      return t('machines.state.running')
    default:
      return t('diagnostics.machineDown')
  }
}

const degradedKinds = [
  'engine-down',
  'tunnel-down',
  'guest-frozen',
  'disk-full',
  'host-disk-full',
  'out-of-memory',
  'share-failed',
  'port-failed',
  'socket-failed',
] as const satisfies readonly DegradedReason['kind'][]

const fact = (value: string | number | boolean | undefined): string => String(value ?? '')

const sizes = ({ facts }: Check): { free: string; total: string } => ({
  free: formatBytes(Number(facts['freeBytes'])),
  total: formatBytes(Number(facts['totalBytes'])),
})
