import { createContext, useContext } from 'react'
import type { MachineProposal } from '../../../../shared/model'
import { useT } from '../../../i18n'
import type { Draft } from './draft'
import type { Problems } from './problems'

/** What the fields of a machine's form share. */
export interface MachineForm {
  readonly draft: Draft
  readonly change: (part: Partial<Draft>) => void
  readonly problems: Problems
  readonly host: MachineProposal['host'] | undefined
  /** A machine that is there: some of its settings count only after a restart. */
  readonly isExisting: boolean
}

export const MachineFormContext = createContext<MachineForm | undefined>(undefined)

export function useMachineForm(): MachineForm {
  const form = useContext(MachineFormContext)
  if (!form) throw new Error('A field of a machine stands outside its form')
  return form
}

/** What is wrong with a field, in words. */
export function useProblem(): (field: string) => string | undefined {
  const t = useT()
  const { problems } = useMachineForm()
  return (field) => {
    const problem = problems[field]
    return problem && t(problem.key, problem.values)
  }
}
