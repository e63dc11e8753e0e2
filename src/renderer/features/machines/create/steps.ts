import type { MachineProposal } from '../../../../shared/model'
import type { Draft } from '../settings/draft'
import type { Problems } from '../settings/problems'

export const wizardSteps = ['what', 'resources', 'folders', 'summary'] as const
export type WizardStep = (typeof wizardSteps)[number]

const fieldsOf: Readonly<Record<WizardStep, RegExp>> = {
  what: /^name$/,
  resources: /^(cpus|memoryMiB|swapMiB|diskGiB|diskDir)$/,
  folders: /^shares\./,
  summary: /./,
}

interface Chosen {
  readonly draft: Draft
  readonly proposal: MachineProposal
}

export const chosenBackend = ({ draft, proposal }: Chosen) =>
  proposal.backends.find((one) => one.backend === draft.backend)

/** Whether the step's own fields are right, and what was chosen works here. */
export function isStepGood(step: WizardStep, problems: Problems, chosen: Chosen): boolean {
  const isWrong = Object.keys(problems).some((field) => fieldsOf[step].test(field))
  if (isWrong) return false
  if (step === 'summary' && chosen.proposal.imageWay === 'none') return false
  return step === 'resources' || step === 'folders' || chosenBackend(chosen)?.isAvailable === true
}
