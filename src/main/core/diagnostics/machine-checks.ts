import type { Check, Machine, MachineProposal } from '../../../shared/model'

export function machineCheck({ settings: { name }, state }: Machine): Check {
  const base = { name: 'machine', subject: name } as const
  if (state.kind === 'failed') {
    const message = `The machine ${name} failed at ${state.stage}: ${state.cause.message}`
    return {
      ...base,
      state: 'bad',
      facts: { state: state.kind, stage: state.stage },
      message,
      error: state.cause,
    }
  }
  if (state.kind === 'degraded') {
    const reasons = state.reasons.map(({ kind }) => kind).join(', ')
    const error = state.reasons.flatMap((reason) => ('error' in reason ? [reason.error] : []))[0]
    const message = `The machine ${name} runs, but: ${reasons}`
    return {
      ...base,
      state: 'warning',
      facts: { state: state.kind, reasons },
      message,
      ...(error && { error }),
    }
  }
  const stage = 'stage' in state ? { stage: state.stage } : {}
  const message = `The machine ${name} is ${state.kind}`
  return {
    ...{ ...base, message, facts: { state: state.kind, ...stage } },
    state: state.kind === 'running' ? 'good' : 'note',
  }
}

type Offer = MachineProposal['backends'][number]

/** What could run a machine here. One that works is enough. */
export function hypervisorCheck({ backends }: Pick<MachineProposal, 'backends'>): Check {
  const best = backends.find((one) => one.isAvailable)
  return best ? working(best) : missing(backends[0])
}

function working({ backend, accelerator = '', version = '', isEmulated = false }: Offer): Check {
  const message = `${backend} ${version} with ${accelerator || 'its own virtualization'}`
  const facts = { backend, accelerator, version, isEmulated }
  return { name: 'hypervisor', subject: backend, state: isEmulated ? 'warning' : 'good', facts, message }
}

function missing(first: Offer | undefined): Check {
  const { error, mend } = first ?? {}
  return {
    ...{ name: 'hypervisor', state: 'bad', facts: {} },
    message: `No hypervisor works: ${error?.message ?? 'none for this system'}`,
    ...(error && { error }),
    ...(mend !== undefined && { mend }),
  }
}
