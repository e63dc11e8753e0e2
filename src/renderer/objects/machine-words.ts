import type { DegradedReason, Machine } from '../../shared/model'
import type { Translate } from '../i18n'
import type { MachinePending, MachineVerb } from '../store/machines'
import type { Tone } from '../ui'

export function machineTone({ state }: Pick<Machine, 'state'>): Tone {
  switch (state.kind) {
    case 'running':
      return 'ok'
    case 'degraded':
      return 'warn'
    case 'failed':
      return 'bad'
    case 'starting':
    case 'stopping':
      return 'busy'
    case 'stopped':
    case 'absent':
      return 'idle'
  }
}

/** The state in one line: the stage while it moves, the first reason while something is wrong. */
export function machineStateWords(t: Translate, { state }: Pick<Machine, 'state'>): string {
  switch (state.kind) {
    case 'absent':
    case 'running':
      return t(`machines.state.${state.kind}`)
    case 'stopped':
      return t(state.isSuspended ? 'machines.state.suspended' : 'machines.state.stopped')
    case 'starting':
      return t('machines.state.starting', { stage: t(`machines.stage.${state.stage}`) })
    case 'stopping':
      return state.stage === 'suspend'
        ? t('machines.state.suspending')
        : t('machines.state.stopping', { stage: t(`machines.stopStage.${state.stage}`) })
    case 'degraded':
      return degradedWords(t, state.reasons)
    case 'failed':
      return failedWords(t, state.stage)
  }
}

function degradedWords(t: Translate, reasons: readonly DegradedReason[]): string {
  const [first] = reasons
  return first
    ? t('machines.state.degradedWith', { reason: t(`machines.reason.${first.kind}`) })
    : t('machines.state.degraded')
}

function failedWords(
  t: Translate,
  stage: Extract<Machine['state'], { readonly kind: 'failed' }>['stage'],
): string {
  if (stage === 'running') return t('machines.state.failedRunning')
  if (stage === 'stopping') return t('machines.state.failedStopping')
  return t('machines.state.failed', { stage: t(`machines.stage.${stage}`) })
}

export const machinePendingWords = (t: Translate, pending: MachinePending): string =>
  t(`machines.pending.${pending}`)

/** `QEMU, kvm`; before the first start just the hypervisor. */
export function backendWords(t: Translate, { settings, accelerator }: Machine): string {
  const backend = t(`machines.backend.${settings.backend}`)
  return accelerator ? t('machines.on', { backend, accelerator: accelerator.name }) : backend
}

/** Whether its engine can be used now, perhaps not everything of it. */
export const isMachineUp = ({ state }: Pick<Machine, 'state'>): boolean =>
  state.kind === 'running' || state.kind === 'degraded'

type StateKind = Machine['state']['kind']
const up: readonly StateKind[] = ['running', 'degraded']

const offeredIn: Readonly<Record<MachineVerb, readonly StateKind[]>> = {
  start: ['absent', 'stopped', 'failed'],
  startCold: ['stopped'],
  suspend: up,
  shutdown: up,
  restart: up,
  kill: [...up, 'starting', 'stopping'],
}

/** What can be asked of a machine in its state. */
export function isVerbOffered(verb: MachineVerb, { state, settings }: Machine): boolean {
  if (!offeredIn[verb].includes(state.kind)) return false
  // Without a saved state every start is one from the beginning; HyperKit saves none.
  if (verb === 'startCold') return state.kind === 'stopped' && state.isSuspended
  return verb !== 'suspend' || settings.backend !== 'hyperkit'
}

/** The verb in words; ending a start is no pulled plug. */
export const verbWords = (t: Translate, verb: MachineVerb, machine: Machine): string =>
  verb === 'kill' && machine.state.kind === 'starting'
    ? t('machines.verb.cancelStart')
    : t(`machines.verb.${verb}`)
