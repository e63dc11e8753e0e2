import { createContext, useContext, useMemo, useState } from 'react'
import type { EngineId, RunSpec } from '../../../shared/model'
import { emptyRunSpec } from '../../../shared/model'
import type { FieldProblem, RunProblem } from '../../../shared/run'
import { checkRunSpec, formatDockerRun, parseDockerRun } from '../../../shared/run'

/** The form and its `docker run` text: two views of one spec. */
export interface RunForm {
  readonly engine: EngineId
  readonly spec: RunSpec
  readonly change: (part: Partial<RunSpec>) => void
  readonly command: string
  /** What a person typed or pasted as a command; the form follows. */
  readonly typeCommand: (text: string) => void
  readonly commandProblems: readonly RunProblem[]
  readonly problems: readonly FieldProblem[]
  /** Fields that a size or word could not be read from, by path: they stop the run as well. */
  readonly unread: ReadonlySet<string>
  readonly setUnread: (path: string, isUnread: boolean) => void
  /** True once Run was pressed: then an empty image is an error, before it is only empty. */
  readonly isTried: boolean
  readonly setTried: () => void
}

const FormContext = createContext<RunForm | undefined>(undefined)
export const RunFormProvider = FormContext.Provider

export function useRunForm(): RunForm {
  const form = useContext(FormContext)
  if (!form) throw new Error('useRunForm outside of RunFormProvider')
  return form
}

interface Draft {
  readonly spec: RunSpec
  readonly command: string
  readonly problems: readonly RunProblem[]
}

/** Without an image there is no command yet: what stands so far, ready to be completed. */
const commandOf = (spec: RunSpec): string => {
  const text = formatDockerRun(spec, { multiline: true })
  return spec.image === '' ? text.replace(/ \\\n  ''.*$/s, '') : text
}

export const draftOf = (spec: RunSpec): Draft => ({
  spec,
  command: commandOf(spec),
  problems: [],
})

/** A typed command changes the form only when it is a run at all: a half-typed line must not empty it. */
export function draftOfCommand(before: Draft, text: string): Draft {
  const { spec, problems } = parseDockerRun(text)
  const isRun = !problems.some((problem) => problem.code === 'not-a-run')
  return { spec: isRun ? spec : before.spec, command: text, problems }
}

/** The form's state, starting from `first` (a container's spec, an image, nothing). */
export function useRunFormState(engine: EngineId, first: RunSpec = emptyRunSpec('')): RunForm {
  const [draft, setDraft] = useState(() => draftOf(first))
  const [unread, setUnreadSet] = useState<ReadonlySet<string>>(new Set())
  const [isTried, setIsTried] = useState(false)
  const problems = useMemo(() => checkRunSpec(draft.spec), [draft.spec])
  return useMemo(
    () => ({
      engine,
      spec: draft.spec,
      change: (part) => setDraft((before) => draftOf({ ...before.spec, ...part })),
      command: draft.command,
      typeCommand: (text) => setDraft((before) => draftOfCommand(before, text)),
      commandProblems: draft.problems,
      problems,
      unread,
      setUnread: (path, isUnread) => setUnreadSet((before) => withMember(before, path, isUnread)),
      isTried,
      setTried: () => setIsTried(true),
    }),
    [engine, draft, problems, unread, isTried],
  )
}

function withMember(set: ReadonlySet<string>, member: string, isIn: boolean): ReadonlySet<string> {
  if (set.has(member) === isIn) return set
  const next = new Set(set)
  if (isIn) next.add(member)
  else next.delete(member)
  return next
}

/** A list with the item at `index` changed, or removed when `part` is undefined. */
export function replaced<T>(list: readonly T[], index: number, part: Partial<T> | undefined): T[] {
  return list.flatMap((item, at) =>
    at !== index ? [item] : part === undefined ? [] : [{ ...item, ...part }],
  )
}
