import { useState } from 'react'
import type { Engine } from '../../shared/model'
import { useEngineFilter } from '../store/engine-filter'
import { useEngines } from '../store/inventory'

type Named = Pick<Engine, 'id' | 'name'>

export interface HeldEngine {
  /** What is acted on; absent while nothing ran yet. It stays the same until the person chooses another. */
  readonly held: Named | undefined
  /** The same while it runs. */
  readonly engine: Engine | undefined
  readonly hold: (id: string) => void
  /** The engines that run, and what is held although it does not. */
  readonly choices: readonly Named[]
}

/**
 * An engine that is chosen once, when a dialog or a form opens: `wanted`, else that of the sidebar, else the first
 * that runs. When it goes nothing takes its place: what was looked at on one host must not be done on another.
 */
export function useHeldEngine(wanted?: string): HeldEngine {
  const engines = useEngines()
  const running = engines.filter(isRunning)
  const first = useFirst(wanted, engines) ?? running[0]
  const [kept, setKept] = useState<Named>()
  if (!kept && first) setKept(first)
  const held = kept ?? first
  const now = engines.find((one) => one.id === held?.id)
  return {
    held: now ?? held,
    engine: now && isRunning(now) ? now : undefined,
    hold: (id) => setKept(engines.find((one) => one.id === id)),
    choices: held && !running.some((one) => one.id === held.id) ? [now ?? held, ...running] : running,
  }
}

const isRunning = (engine: Engine): boolean => engine.state.kind === 'running'

function useFirst(wanted: string | undefined, engines: readonly Engine[]): Named | undefined {
  const ofSidebar = useEngineFilter()
  const id = (wanted as Engine['id'] | undefined) || ofSidebar
  // One that is not known any more is named by its id.
  return id && (engines.find((one) => one.id === id) ?? { id, name: id })
}
