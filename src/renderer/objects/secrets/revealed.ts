import { useState } from 'react'

/** Which values the person asked to see, by id; forgotten when the page closes. */
export interface Revealed {
  readonly ids: ReadonlySet<string>
  readonly toggle: (id: string) => void
}

export function useRevealed(): Revealed {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set())
  const toggle = (id: string): void => {
    const next = new Set(ids)
    if (!next.delete(id)) next.add(id)
    setIds(next)
  }
  return { ids, toggle }
}
