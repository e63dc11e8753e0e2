import { useEffect, useState } from 'react'
import { isCode, type AppError } from '../../../../shared/errors'
import type { LayerEntry, ObjectRef } from '../../../../shared/model'
import { call } from '../../../api'
import { toAppError } from '../to-app-error'

/** What one layer did to a path. */
export interface Version {
  readonly layer: number
  readonly entry: LayerEntry
}

export type Versions =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly error: AppError }
  | { readonly state: 'ready'; readonly versions: readonly Version[] }

/** Every layer that did something to a path, the lowest first. */
export function useVersions(ref: ObjectRef, layers: number, path: string): Versions {
  const { engine, id } = ref
  const key = JSON.stringify([engine, id, layers, path])
  const [told, setTold] = useState<{ readonly key: string; readonly now: Versions }>()
  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    const one = async (layer: number): Promise<Version[]> => {
      try {
        const entry = await call('layers.entry', { engine, id, layer, view: 'layer', path }, signal)
        return entry.change === 'unchanged' ? [] : [{ layer, entry }]
      } catch (error) {
        if (isCode(error, 'object.not-found')) return []
        throw error
      }
    }
    Promise.all(Array.from({ length: layers }, (_, layer) => one(layer))).then(
      (all) => !signal.aborted && setTold({ key, now: { state: 'ready', versions: all.flat() } }),
      (error: unknown) =>
        !signal.aborted && setTold({ key, now: { state: 'failed', error: toAppError(error) } }),
    )
    return () => controller.abort()
  }, [key, engine, id, layers, path])
  return told?.key === key ? told.now : { state: 'loading' }
}
