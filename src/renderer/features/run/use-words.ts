import type { Facts } from '../../../shared/errors'
import type { FieldProblem } from '../../../shared/run'
import { useT } from '../../i18n'
import { fieldWords } from './field-words'
import { useRunForm } from './form'

/** The words for what is wrong at a path of the spec, or nothing. */
export function useWrong(): (path: string) => string | undefined {
  const t = useT()
  const { problems, isTried } = useRunForm()
  return (path) => {
    const problem = problems.find((one) => one.path === path)
    if (!problem) return undefined
    // What was only just added is not wrong yet: it is empty.
    if (!isTried && isEmptyYet(problem)) return undefined
    return t(`run.wrong.${fieldWords[problem.code]}`, textOf(problem.facts))
  }
}

/** Problems that a new line has before all of it is typed. */
const ofNewLines = new Set<FieldProblem['code']>([
  'reference.empty',
  'env.name',
  'label.name',
  'mount.target',
  'mount.source-missing',
])

const isEmptyYet = ({ code, facts }: FieldProblem): boolean =>
  ofNewLines.has(code) && Object.values(facts).every((value) => value === '')

/** Facts as the words take them. */
export const textOf = (facts: Facts): Record<string, string> =>
  Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, String(value)]))
