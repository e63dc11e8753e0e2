import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { EngineId } from '../../shared/model'
import { useEngines } from './inventory'

const filterStore = createStore<{ readonly engine: EngineId | undefined }>(() => ({ engine: undefined }))

/** Shows only the objects of this engine in all lists; `undefined` shows all. */
export const setEngineFilter = (engine: EngineId | undefined): void => filterStore.setState({ engine })

/** The engine that lists are narrowed to; an engine that is gone narrows nothing. */
export function useEngineFilter(): EngineId | undefined {
  const wanted = useStore(filterStore, ({ engine }) => engine)
  return useEngines().some((engine) => engine.id === wanted) ? wanted : undefined
}
