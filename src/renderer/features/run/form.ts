import { createContext, useContext, useMemo, useState } from 'react'
import type { EngineId, MadeLike, RunSpec } from '../../../shared/model'
import { emptyRunSpec } from '../../../shared/model'
import type { FieldProblem, RunProblem } from '../../../shared/run'
import { formatDockerRun, parseDockerRun } from '../../../shared/run'
import { checkFilledLines, withoutBlankLines } from './blank-lines'
import { useKeeping, useKeptForm, type Entered, type Keeping } from './kept-form'
import { unreadAfter, withText, type Unread } from './unread'

/** The form and its `docker run` text: two views of one spec. */
export interface RunForm extends Keeping {
  readonly engine: EngineId
  readonly spec: RunSpec
  /** With a function what comes late, an answer or a file, changes the spec of then. */
  readonly change: (part: Partial<RunSpec> | ((spec: RunSpec) => Partial<RunSpec>)) => void
  readonly command: string
  /** What a person typed or pasted as a command; the form follows. */
  readonly typeCommand: (text: string) => void
  readonly commandProblems: readonly RunProblem[]
  readonly problems: readonly FieldProblem[]
  /** They stop the run as well. */
  readonly unread: Unread
  readonly setUnread: (path: string, text: string | undefined) => void
  /** True once Run was pressed: then an empty image is an error, before it is only empty. */
  readonly isTried: boolean
  readonly setTried: () => void
  /** Something was entered: there is something to lose. */
  readonly isTouched: boolean
}

const FormContext = createContext<RunForm | undefined>(undefined)
export const RunFormProvider = FormContext.Provider

export function useRunForm(): RunForm {
  const form = useContext(FormContext)
  if (!form) throw new Error('useRunForm outside of RunFormProvider')
  return form
}

type Draft = Omit<Entered, 'unread'>

/** Without an image there is no command yet: what stands so far, ready to be completed. */
const commandOf = (spec: RunSpec): string => {
  const text = formatDockerRun(withoutBlankLines(spec), { multiline: true })
  return spec.image === '' ? text.replace(/ \\\n  ''.*$/s, '') : text
}

export const draftOf = (spec: RunSpec): Draft => ({
  spec,
  command: commandOf(spec),
  problems: [],
})

/** A typed command changes the form only when it is a run at all: a half-typed line must not empty it. */
export function draftOfCommand(before: Entered, text: string): Entered {
  const { spec, problems } = parseDockerRun(text)
  const form = isRun(problems) ? { spec, unread: new Map<string, string>() } : before
  return { spec: form.spec, unread: form.unread, command: text, problems }
}

const isRun = (problems: readonly RunProblem[]): boolean =>
  !problems.some((problem) => problem.code === 'not-a-run')

/** Whether a text is a whole command, with or without a prompt and `sudo` before it. */
export const isRunCommand = (text: string): boolean => isRun(parseDockerRun(text).problems)

/** What the form has no field for is told as it is of a command that was pasted. */
function enteredOf({ spec, flags, networks }: MadeLike): Entered {
  const plain = { ...draftOf(spec), unread: new Map<string, string>() }
  const whole = (): Entered => draftOfCommand(plain, formatDockerRun(spec, { multiline: true, flags }))
  const entered = flags.length === 0 ? plain : whole()
  const further = networks.map((name): RunProblem => {
    const flag = `--network ${name}`
    return { code: 'flag-not-kept', token: flag, facts: { flag } }
  })
  return { ...entered, problems: [...entered.problems, ...further] }
}

/** The form's state, starting from `first` (a container's spec, an image), or plain: from what was kept, or nothing. */
export function useRunFormState(engine: EngineId, first: MadeLike | undefined): RunForm {
  const isPlain = first === undefined
  const [kept] = useKeptForm()
  const found = isPlain ? kept?.entered : undefined
  const [entered, setEntered] = useState<Entered>(
    () => found ?? enteredOf(first ?? { spec: emptyRunSpec(''), flags: [], networks: [] }),
  )
  const [isTouched, setIsTouched] = useState(found !== undefined)
  const [isTried, setIsTried] = useState(false)
  const problems = useMemo(() => checkFilledLines(entered.spec), [entered.spec])
  const keeping = useKeeping({ engine, entered }, isPlain, isTouched)
  const edit = (next: (before: Entered) => Partial<Entered>): void => {
    setIsTouched(true)
    setEntered((before) => ({ ...before, ...next(before) }))
  }
  return {
    ...keeping,
    engine,
    spec: entered.spec,
    change: (part) =>
      edit((before) => changed(before, typeof part === 'function' ? part(before.spec) : part)),
    command: entered.command,
    typeCommand: (text) => edit((before) => draftOfCommand(before, text)),
    commandProblems: entered.problems,
    problems,
    unread: entered.unread,
    setUnread: (path, text) => edit((before) => ({ unread: withText(before.unread, path, text) })),
    isTried,
    setTried: () => setIsTried(true),
    isTouched,
    setRunning: (isRunning) => {
      // What runs is kept, or it would not be there for who comes back meanwhile.
      setIsTouched(true)
      keeping.setRunning(isRunning)
    },
  }
}

function changed(before: Entered, part: Partial<RunSpec>): Entered {
  const spec = { ...before.spec, ...part }
  return { ...draftOf(spec), unread: unreadAfter(before.unread, before.spec, spec) }
}

/** A list with the item at `index` changed, or removed when `part` is undefined. */
export function replaced<T>(list: readonly T[], index: number, part: Partial<T> | undefined): T[] {
  return list.flatMap((item, at) =>
    at !== index ? [item] : part === undefined ? [] : [{ ...item, ...part }],
  )
}
