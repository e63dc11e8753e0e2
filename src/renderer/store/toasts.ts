import { createStore } from 'zustand/vanilla'
import { useStore } from 'zustand'
import type { WireError } from '../../shared/errors'

export interface Toast {
  readonly id: number
  readonly tone: 'ok' | 'bad' | 'idle'
  readonly title: string
  readonly text?: string
  /** Worded by who draws it. */
  readonly error?: WireError
  readonly action?: { readonly label: string; readonly onSelect: () => void }
  /** Absent: stays until it is closed. */
  readonly stayMs?: number
}

/** More than this at once is noise: the oldest goes. */
const shownAtMost = 4
const quickMs = 5000

let lastId = 0
export const toastStore = createStore<{ readonly toasts: readonly Toast[] }>(() => ({ toasts: [] }))

/** Shows a small message. Good news goes by itself after 5 s, an error stays until it is closed. */
export function showToast(toast: Omit<Toast, 'id'>): number {
  const id = ++lastId
  const whole = { ...(toast.tone !== 'bad' && { stayMs: quickMs }), ...toast, id }
  toastStore.setState(({ toasts }) => ({ toasts: [...toasts, whole].slice(-shownAtMost) }))
  return id
}

/** An action failed: `title` says which (empty: the error's own words are the title). */
export const showError = (error: WireError, title = ''): number => showToast({ tone: 'bad', title, error })

export const dropToast = (id: number): void =>
  toastStore.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }))

export const useToasts = (): readonly Toast[] => useStore(toastStore, ({ toasts }) => toasts)
