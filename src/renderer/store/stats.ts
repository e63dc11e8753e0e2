import { useCallback, useSyncExternalStore } from 'react'
import type { ClientStream } from '../../shared/contract'
import { keyOf, type ObjectRef, type StatSample } from '../../shared/model'
import { Emitter } from '../../shared/std/emitter'
import { connectionStore, getClient } from '../api/connection'

type StatsStream = ClientStream<StatSample[], { refs: { engine: string; id: string }[] }>

/** Two minutes at one reading a second. */
const keptSamples = 120
const retryMs = 1000
/** Scrolling changes what is watched at every frame: core hears the last set. */
const settleMs = 150

const none: readonly StatSample[] = []
const rings = new Map<string, readonly StatSample[]>()
const listeners = new Map<string, Set<() => void>>()
const arrived = new Emitter<void>()
const watched = new Map<string, { readonly ref: ObjectRef; count: number }>()
let stream: StatsStream | undefined
let timer: ReturnType<typeof setTimeout> | undefined

/**
 * Asks for live readings of these containers until the returned undo is called. Counted: several views
 * may watch one container. One stream serves all, and none is open while nothing is watched or the
 * window is hidden.
 */
export function watchStats(refs: readonly ObjectRef[]): () => void {
  for (const ref of refs) {
    const known = watched.get(keyOf(ref))
    if (known) known.count++
    else watched.set(keyOf(ref), { ref: { engine: ref.engine, id: ref.id }, count: 1 })
  }
  refreshSoon()
  let isOn = true
  return () => {
    if (!isOn) return
    isOn = false
    for (const ref of refs) forget(keyOf(ref))
    refreshSoon()
  }
}

function forget(key: string): void {
  const known = watched.get(key)
  if (!known) return
  known.count--
  if (known.count > 0) return
  watched.delete(key)
  // A curve with a hole in it would lie: what is watched again begins anew.
  rings.delete(key)
}

/** Forgets all that is watched and ends the stream at once. */
export function forgetStats(): void {
  clearTimeout(timer)
  watched.clear()
  rings.clear()
  refresh()
}

function refreshSoon(): void {
  clearTimeout(timer)
  timer = setTimeout(refresh, settleMs)
}

function refresh(): void {
  const refs = [...watched.values()].map(({ ref }) => ({ engine: ref.engine, id: ref.id }))
  const isWanted = refs.length > 0 && !document.hidden && connectionStore.getState().state === 'connected'
  if (!isWanted) {
    stream?.cancel()
    stream = undefined
  } else if (stream) stream.send({ refs }).catch(() => undefined)
  else void read(refs)
}

async function read(refs: { engine: string; id: string }[]): Promise<void> {
  let opened: StatsStream | undefined
  try {
    opened = getClient().stream('stats.watch', { refs })
    stream = opened
    for await (const samples of opened) takeSamples(samples)
  } catch {
    // Whatever ended it: while something is watched it is opened anew below.
  }
  if (stream !== opened) return
  stream = undefined
  clearTimeout(timer)
  timer = setTimeout(refresh, retryMs)
}

/** Takes readings in and tells just the views of these containers. */
export function takeSamples(samples: readonly StatSample[]): void {
  for (const sample of samples) {
    const key = keyOf(sample)
    if (!watched.has(key)) continue
    rings.set(key, [...(rings.get(key) ?? none), sample].slice(-keptSamples))
    for (const listener of listeners.get(key) ?? []) listener()
  }
  arrived.emit()
}

/** Subscribes to every batch of readings, about one a second while something is watched. Returns the undo. */
export const onReadings = (listener: () => void): (() => void) => arrived.on(listener)

/** The newest reading of a watched container. */
export const latestReading = (ref: ObjectRef): StatSample | undefined => rings.get(keyOf(ref))?.at(-1)

/** Pauses while the window is hidden and goes on after a reconnect. Returns what stops it. */
export function startStats(): () => void {
  const undo = connectionStore.subscribe(refreshSoon)
  document.addEventListener('visibilitychange', refreshSoon)
  return () => {
    undo()
    document.removeEventListener('visibilitychange', refreshSoon)
  }
}

/** The readings of one watched container, oldest first, at most 120; empty when none came yet. */
export function useStats(ref: ObjectRef): readonly StatSample[] {
  const key = keyOf(ref)
  const subscribe = useCallback(
    (changed: () => void) => {
      const own = listeners.get(key) ?? new Set()
      listeners.set(key, own.add(changed))
      return () => {
        own.delete(changed)
        if (own.size === 0 && listeners.get(key) === own) listeners.delete(key)
      }
    },
    [key],
  )
  return useSyncExternalStore(subscribe, () => rings.get(key) ?? none)
}
