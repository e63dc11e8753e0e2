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
  /** How often the same was told while it stood; absent: once. */
  readonly count?: number
}

/** More than this at once is noise: the oldest goes. */
const shownAtMost = 4
const quickMs = 5000

let lastId = 0
export const toastStore = createStore<{ readonly toasts: readonly Toast[] }>(() => ({ toasts: [] }))

/**
 * Shows a small message. Good news goes by itself after 5 s, an error stays until it is closed; the same error again
 * is counted, not shown twice.
 */
export function showToast(toast: Omit<Toast, 'id'>): number {
  const same = toastStore.getState().toasts.find((one) => isSame(one, toast))
  if (same) {
    const counted = { ...same, count: (same.count ?? 1) + 1 }
    toastStore.setState(({ toasts }) => ({ toasts: toasts.map((one) => (one === same ? counted : one)) }))
    return same.id
  }
  const id = ++lastId
  const whole = { ...(toast.tone !== 'bad' && { stayMs: quickMs }), ...toast, id }
  toastStore.setState(({ toasts }) => ({ toasts: [...toasts, whole].slice(-shownAtMost) }))
  return id
}

const isSame = (one: Toast, other: Omit<Toast, 'id'>): boolean =>
  one.tone === 'bad' && wordsOf(one) === wordsOf(other) && !one.action && !other.action

const wordsOf = ({ tone, title, text, error }: Omit<Toast, 'id'>): string =>
  JSON.stringify([tone, title, text, error?.code, error?.message, error?.facts])

/** An action failed: `title` says which (empty: the error's own words are the title). */
export const showError = (error: WireError, title = ''): number => showToast({ tone: 'bad', title, error })

export const dropToast = (id: number): void =>
  toastStore.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }))

export const dropAllToasts = (): void => toastStore.setState({ toasts: [] })

export const useToasts = (): readonly Toast[] => useStore(toastStore, ({ toasts }) => toasts)
