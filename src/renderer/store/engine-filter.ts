import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { EngineId } from '../../shared/model'
import { inventoryStore, useEngines } from './inventory'

const filterStore = createStore<{ readonly engine: EngineId | undefined }>(() => ({ engine: undefined }))

/** Shows only the objects of this engine in all lists; `undefined` shows all. */
export const setEngineFilter = (engine: EngineId | undefined): void => filterStore.setState({ engine })

/** The engine that lists are narrowed to; an engine that is gone narrows nothing. */
export function useEngineFilter(): EngineId | undefined {
  const wanted = useStore(filterStore, ({ engine }) => engine)
  return useEngines().some((engine) => engine.id === wanted) ? wanted : undefined
}

/** Which engine is meant where none is named: the one that lists are narrowed to, else the first that runs. */
export function meantEngine(): EngineId | undefined {
  const { engine: wanted } = filterStore.getState()
  const { engines } = inventoryStore.getState().view
  const running = engines.filter(({ state }) => state.kind === 'running')
  return (engines.find(({ id }) => id === wanted) ?? running[0] ?? engines[0])?.id
}
