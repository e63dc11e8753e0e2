import { useEffect, useState } from 'react'
import type { EngineId, RunSpec } from '../../../shared/model'
import type { RunProblem } from '../../../shared/run'
import { useVisit } from '../../store/visit'

/** What a person entered: the spec, its command as it stands in the box, and what could not be read. */
export interface Entered {
  readonly spec: RunSpec
  readonly command: string
  readonly problems: readonly RunProblem[]
  /** Texts that a size or word could not be read from, by the path of their field. */
  readonly unread: ReadonlyMap<string, string>
}

export interface KeptForm {
  readonly engine: EngineId
  readonly entered: Entered
}

/** The form that waits for the person to come back. In memory only: environments hold secrets. */
export const useKeptForm = (): ReturnType<typeof useVisit<KeptForm | undefined>> =>
  useVisit<KeptForm | undefined>('run.form', undefined)

/**
 * Keeps what was entered beyond the page. A form that was opened with a content of its own is kept too, unless
 * another waits already: a look at one image must not cost what was entered for another.
 */
export function useKeeping(now: KeptForm, isPlain: boolean, isTouched: boolean): () => void {
  const [kept, setKept] = useKeptForm()
  const [isKeeper] = useState(isPlain || kept === undefined)
  const { engine, entered } = now
  useEffect(() => {
    if (isKeeper && isTouched) setKept({ engine, entered })
  }, [isKeeper, isTouched, engine, entered, setKept])
  return () => {
    if (isKeeper && isTouched) setKept(undefined)
  }
}
