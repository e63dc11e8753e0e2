import { useEffect, useState } from 'react'
import type { EngineId, RunSpec } from '../../../shared/model'
import type { RunProblem } from '../../../shared/run'
import { useVisit } from '../../store/visit'
import type { Unread } from './unread'

/** What a person entered: the spec, its command as it stands in the box, and what could not be read. */
export interface Entered {
  readonly spec: RunSpec
  readonly command: string
  readonly problems: readonly RunProblem[]
  readonly unread: Unread
}

export interface KeptForm {
  readonly engine: EngineId
  readonly entered: Entered
}

/** The form that waits for the person to come back. In memory only: environments hold secrets. */
export const useKeptForm = (): ReturnType<typeof useVisit<KeptForm | undefined>> =>
  useVisit<KeptForm | undefined>('run.form', undefined)

/** What outlives the page of a form. */
export interface Keeping {
  readonly forget: () => void
  /** It is being run: from this page, or from one that the person left and came back from. */
  readonly isRunning: boolean
  readonly setRunning: (isRunning: boolean) => void
  /** Whether the form is on the screen now, be it on another page than the one that asks. */
  readonly isShown: () => boolean
}

/**
 * Keeps what was entered beyond the page. A form that was opened with a content of its own is kept too, unless
 * another waits already: a look at one image must not cost what was entered for another.
 */
export function useKeeping(now: KeptForm, isPlain: boolean, isTouched: boolean): Keeping {
  const [kept, setKept] = useKeptForm()
  const [isKeeper] = useState(isPlain || kept === undefined)
  const { engine, entered } = now
  useEffect(() => {
    if (isKeeper && isTouched) setKept({ engine, entered })
  }, [isKeeper, isTouched, engine, entered, setKept])
  const ofKept = useVisit('run.running', false)
  const ofThis = useState(false)
  const [isRunning, setRunning] = isKeeper ? ofKept : ofThis
  return {
    forget: () => {
      if (isKeeper) setKept(undefined)
    },
    isRunning,
    setRunning,
    isShown: useIsShown(isKeeper),
  }
}

/** There is one kept form, however often its page is opened. */
const theKept = {}
const shown = new Set<object>()

function useIsShown(isKeeper: boolean): () => boolean {
  const [form] = useState(() => (isKeeper ? theKept : {}))
  useEffect(() => {
    shown.add(form)
    return () => void shown.delete(form)
  }, [form])
  return () => shown.has(form)
}
