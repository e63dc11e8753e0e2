import { useCallback, useSyncExternalStore } from 'react'
import type { ClientStream } from '../../shared/contract'
import { connectionStore } from '../api/connection'

const retryMs = 2000
const none: readonly never[] = []

/** One stream, whoever looks; none while the window is hidden or nobody looks. */
class Watch<T> {
  readonly listeners = new Set<() => void>()
  readings: readonly T[] = none
  #cancel: (() => void) | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #isClosed = false

  constructor(
    private readonly open: () => ClientStream<T>,
    private readonly kept: number,
  ) {
    document.addEventListener('visibilitychange', this.refresh)
    this.refresh()
  }

  readonly refresh = (): void => {
    clearTimeout(this.#timer)
    if (this.#isClosed || document.hidden || connectionStore.getState().state !== 'connected') {
      this.#stop()
      // A connection that comes back is found by the next try.
      if (!this.#isClosed && !document.hidden) this.#timer = setTimeout(this.refresh, retryMs)
    } else if (!this.#cancel) void this.#read()
  }

  close(): void {
    this.#isClosed = true
    document.removeEventListener('visibilitychange', this.refresh)
    this.refresh()
  }

  #stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  async #read(): Promise<void> {
    const stream = this.open()
    const cancel = (): void => stream.cancel()
    this.#cancel = cancel
    try {
      for await (const reading of stream) {
        if (this.#cancel !== cancel) return
        this.readings = [...this.readings, reading].slice(-this.kept)
        for (const listener of [...this.listeners]) listener()
      }
    } catch {
      // Whatever ended it: it is opened anew below while somebody looks.
    }
    if (this.#cancel !== cancel) return
    this.#cancel = undefined
    this.#timer = setTimeout(this.refresh, retryMs)
  }
}

/** Readings of many things of one kind: a stream each while somebody looks, the newest `kept` of each. */
export class Readings<T> {
  readonly #watches = new Map<string, Watch<T>>()

  constructor(
    private readonly kept: number,
    private readonly open: (id: string) => ClientStream<T>,
  ) {}

  /** Subscribes a view, and returns the undo: the last one to go closes the stream. */
  watch(id: string, changed: () => void): () => void {
    const watch = this.#watches.get(id) ?? new Watch(() => this.open(id), this.kept)
    this.#watches.set(id, watch)
    watch.listeners.add(changed)
    return () => {
      watch.listeners.delete(changed)
      if (watch.listeners.size > 0 || this.#watches.get(id) !== watch) return
      this.#watches.delete(id)
      watch.close()
    }
  }

  /** Oldest first; empty while nobody looks. */
  of(id: string): readonly T[] {
    return this.#watches.get(id)?.readings ?? none
  }
}

/** What was read of one thing, oldest first; read only while `isOn`. `all` is a module's own. */
export function useReadings<T>(all: Readings<T>, id: string, isOn: boolean): readonly T[] {
  const subscribe = useCallback(
    (changed: () => void) => (isOn ? all.watch(id, changed) : () => undefined),
    [all, id, isOn],
  )
  return useSyncExternalStore(subscribe, () => (isOn ? all.of(id) : none))
}
