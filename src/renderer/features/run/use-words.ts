import type { Facts } from '../../../shared/errors'
import { useT } from '../../i18n'
import { fieldWords } from './field-words'
import { useRunForm } from './form'

/** The words for what is wrong at a path of the spec, or nothing. */
export function useWrong(): (path: string) => string | undefined {
  const t = useT()
  const { problems, isTried, spec } = useRunForm()
  return (path) => {
    const problem = problems.find((one) => one.path === path)
    if (!problem) return undefined
    // An empty form is not wrong yet: it is empty.
    if (problem.code === 'reference.empty' && !isTried && spec.image === '') return undefined
    return t(`run.wrong.${fieldWords[problem.code]}`, textOf(problem.facts))
  }
}

/** Facts as the words take them. */
export const textOf = (facts: Facts): Record<string, string> =>
  Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, String(value)]))
