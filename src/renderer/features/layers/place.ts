import { useCallback, useMemo } from 'react'
import { useLocation, useSearch } from 'wouter'
import type { ObjectRef } from '../../../shared/model'

export const shows = ['tree', 'map', 'waste'] as const
export type Show = (typeof shows)[number]
export const fileTabs = ['details', 'contents', 'versions'] as const
export type FileTab = (typeof fileTabs)[number]

/** Where somebody is in an image's layers. It stands in the address, so it survives a reload and can be sent. */
export interface Place {
  /** The chosen layer; absent: the uppermost. */
  readonly layer: number | undefined
  readonly view: 'layer' | 'sum'
  readonly show: Show
  readonly path: string | undefined
  /** Of the chosen path. */
  readonly tab: FileTab
}

export function readPlace(search: string): Place {
  const query = new URLSearchParams(search)
  const layer = query.get('layer')
  const path = query.get('path')
  return {
    layer: layer !== null && /^\d{1,4}$/.test(layer) ? Number(layer) : undefined,
    view: query.get('view') === 'layer' ? 'layer' : 'sum',
    show: shows.find((one) => one === query.get('show')) ?? 'tree',
    path: path?.startsWith('/') === true ? path : undefined,
    tab: fileTabs.find((one) => one === query.get('file')) ?? 'details',
  }
}

/** What is as usual is left out, so that an address is short. */
export function writePlace(place: Place): string {
  const query = new URLSearchParams()
  if (place.layer !== undefined) query.set('layer', String(place.layer))
  if (place.view === 'layer') query.set('view', 'layer')
  if (place.show !== 'tree') query.set('show', place.show)
  if (place.path !== undefined) query.set('path', place.path)
  if (place.tab !== 'details') query.set('file', place.tab)
  return query.size === 0 ? '' : `?${query.toString()}`
}

export interface Placing {
  readonly place: Place
  readonly go: (change: Partial<Place>) => void
}

/** The place in the address of the window; going somewhere else replaces it. */
export function usePlace(): Placing {
  const search = useSearch()
  const [path, navigate] = useLocation()
  const place = useMemo(() => readPlace(search), [search])
  const go = useCallback(
    (change: Partial<Place>) => navigate(`${path}${writePlace({ ...place, ...change })}`, { replace: true }),
    [path, navigate, place],
  )
  return { place, go }
}

const part = (ref: ObjectRef): string => `${encodeURIComponent(ref.engine)}/${encodeURIComponent(ref.id)}`

/** The page that compares two images; without the second it asks for one. */
export const comparePath = (before: ObjectRef, after?: ObjectRef): string =>
  `/images/compare/${part(before)}${after ? `/${part(after)}` : ''}`

export const imagePath = (ref: ObjectRef, place?: Partial<Place>): string =>
  `/images/${part(ref)}${place ? `/layers${writePlace({ ...readPlace(''), ...place })}` : ''}`
