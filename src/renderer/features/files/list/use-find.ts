import { useCallback, useEffect, useRef, useState } from 'react'
import type { FileFindItem, FilePath, FilePlace } from '../../../../shared/model/file-entry'
import { toWire, type WireError } from '../../../../shared/errors'
import { openStream } from '../../../api'
import { at, placeKey } from '../place'

export interface Search {
  readonly root: FilePath
  readonly name: string
}

export type FoundFile = FileFindItem['found'][number]

export interface FindState {
  readonly found: readonly FoundFile[]
  readonly looked: number
  readonly isBusy: boolean
  readonly cut?: FileFindItem['cut']
  readonly error?: WireError
  readonly stop: () => void
}

type Told = Omit<FindState, 'stop'>
const begun: Told = { found: [], looked: 0, isBusy: true }

/** The names below a folder that hold a word, as they are found. Ends with the view. */
export function useFind(place: FilePlace, { root, name }: Search): FindState {
  const key = `${placeKey(place)} ${root} ${name}`
  const [state, setState] = useState<{ readonly key: string; readonly told: Told }>({ key, told: begun })
  const running = useRef<() => void>(undefined)
  useEffect(() => {
    const stream = openStream('files.find', { ...at(place, root), name, limit: 1000 })
    const tell = (change: (told: Told) => Told): void =>
      setState((was) => ({ key, told: change(was.key === key ? was.told : begun) }))
    let isOver = false
    const end = (): void => {
      isOver = true
      stream.cancel()
      tell((told) => ({ ...told, isBusy: false }))
    }
    running.current = end
    const run = async (): Promise<void> => {
      for await (const item of stream) {
        if (isOver) return
        tell((told) => joined(told, item))
      }
      tell((told) => ({ ...told, isBusy: false }))
    }
    run().catch((error: unknown) => {
      if (!isOver) tell((told) => ({ ...told, isBusy: false, error: toWire(error) }))
    })
    return () => {
      isOver = true
      stream.cancel()
    }
  }, [key, place, root, name])
  const stop = useCallback(() => running.current?.(), [])
  return { ...(state.key === key ? state.told : begun), stop }
}

const joined = (told: Told, item: FileFindItem): Told => ({
  found: item.found.length > 0 ? [...told.found, ...item.found] : told.found,
  looked: item.looked,
  isBusy: !item.isDone,
  ...(item.cut && { cut: item.cut }),
})
