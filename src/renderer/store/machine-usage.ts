import { useCallback, useSyncExternalStore } from 'react'
import type { MachineId, MachineUsage } from '../../shared/model'
import { connectionStore, getClient } from '../api/connection'

/** A minute at one reading a second. */
const keptReadings = 60
const retryMs = 2000
const none: readonly MachineUsage[] = []

/** One stream a machine, whoever looks; none while the window is hidden or nobody looks. */
class UsageWatch {
  readonly listeners = new Set<() => void>()
  readings = none
  #cancel: (() => void) | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #isClosed = false

  constructor(private readonly machine: MachineId) {
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
    const stream = getClient().stream('machines.usage', { machine: this.machine })
    const cancel = (): void => stream.cancel()
    this.#cancel = cancel
    try {
      for await (const reading of stream) {
        if (this.#cancel !== cancel) return
        this.readings = [...this.readings, reading].slice(-keptReadings)
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

const watches = new Map<MachineId, UsageWatch>()

/** What a machine takes, oldest first, at most the last minute; read only while `isOn`. */
export function useMachineUsage(machine: MachineId, isOn: boolean): readonly MachineUsage[] {
  const subscribe = useCallback(
    (changed: () => void) => {
      if (!isOn) return () => undefined
      const watch = watches.get(machine) ?? new UsageWatch(machine)
      watches.set(machine, watch)
      watch.listeners.add(changed)
      return () => {
        watch.listeners.delete(changed)
        if (watch.listeners.size > 0) return
        watches.delete(machine)
        watch.close()
      }
    },
    [machine, isOn],
  )
  return useSyncExternalStore(subscribe, () => (isOn ? (watches.get(machine)?.readings ?? none) : none))
}
