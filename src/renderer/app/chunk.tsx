import { lazy, type ComponentType, type ReactNode } from 'react'
import { loadAgain } from '../load-again'

/**
 * A component that comes with a chunk of its own the first time it is drawn. What could not be loaded is
 * asked for anew when it is drawn again: React keeps a `lazy` that failed as failed for ever. `patiently` is how
 * one drawing asks for it.
 */
export function chunk<P extends object>(
  load: () => Promise<ComponentType<P>>,
  patiently: <T>(load: () => Promise<T>) => Promise<T> = loadAgain,
): ComponentType<P> {
  const fresh = (): ComponentType<P> =>
    lazy(async () => {
      try {
        return { default: await patiently(load) }
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
