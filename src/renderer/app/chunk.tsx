import { lazy, type ComponentType, type ReactNode } from 'react'
import { loadAgain } from '../load-again'

/**
 * A component that comes with a chunk of its own the first time it is drawn. What could not be loaded is
 * asked for anew when it is drawn again: React keeps a `lazy` that failed as failed for ever.
 */
export function chunk<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  const fresh = (): ComponentType<P> =>
    lazy(async () => {
      try {
        return { default: await loadAgain(load) }
      } catch (error) {
        current = fresh()
        throw error
      }
    })
  let current = fresh()
  return function Chunk(props: P): ReactNode {
    const Loaded = current
    return <Loaded {...props} />
  }
}
