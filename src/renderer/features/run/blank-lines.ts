import type { RunSpec } from '../../../shared/model'
import { checkRunSpec, type FieldProblem } from '../../../shared/run'

const isBlankPair = (pair: RunSpec['env'][number]): boolean => pair.name === '' && pair.value === ''
const isBlankWord = (word: string): boolean => word === ''

/** What a line holds just after it was added, list by list. A port's line is filled from the start. */
const blank = {
  env: isBlankPair,
  labels: isBlankPair,
  mounts: ({ type, source, target, readOnly }: RunSpec['mounts'][number]) =>
    type === 'volume' && source === '' && target === '' && !readOnly,
  capAdd: isBlankWord,
  capDrop: isBlankWord,
  securityOpt: isBlankWord,
  devices: isBlankWord,
  extraHosts: isBlankWord,
  dns: isBlankWord,
  networkAliases: isBlankWord,
} as const
type ListField = keyof typeof blank
const listFields = Object.keys(blank) as ListField[]

const isBlank = (field: ListField, item: unknown): boolean =>
  (blank[field] as (item: unknown) => boolean)(item)

/** A line that was added and never filled is not there: not in the command, and not in what is run. */
export function withoutBlankLines(spec: RunSpec): RunSpec {
  const lists = listFields.map((field) => [field, spec[field].filter((item) => !isBlank(field, item))])
  return { ...spec, ...(Object.fromEntries(lists) as Partial<RunSpec>) }
}

/** What is wrong with the filled lines, at their places in the form. */
export function checkFilledLines(spec: RunSpec): FieldProblem[] {
  return checkRunSpec(withoutBlankLines(spec)).map((problem) => ({
    ...problem,
    path: pathInForm(spec, problem.path),
  }))
}

function pathInForm(spec: RunSpec, path: string): string {
  const [field = '', index, ...rest] = path.split('.')
  if (index === undefined || !Object.hasOwn(blank, field)) return path
  const list: readonly unknown[] = spec[field as ListField]
  const filled = [...list.keys()].filter((at) => !isBlank(field as ListField, list[at]))
  return [field, filled[Number(index)], ...rest].join('.')
}
