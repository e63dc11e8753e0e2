import { createContext, useEffect, useRef, useState } from 'react'

/** Why something was not done, in words. */
export interface Refusal {
  readonly title: string
  /** What to do next. */
  readonly text: string
  readonly detail?: string
  readonly command?: string
}

/**
 * Does what a dialog asks for. A promise answers what stood in the way, or nothing when it is done; it never rejects.
 * The signal fires when the dialog goes before that.
 */
export type Confirm = ((signal: AbortSignal) => Promise<Refusal | undefined>) | (() => void)

/**
 * For the fields of a dialog: the answer is awaited, and what they hold is not judged. What is being made may be in
 * the list before the answer, and would be called a double of itself.
 */
export const AwaitsAnswer = createContext(false)

export interface Asking {
  readonly isBusy: boolean
  /** Of the last time; gone with the next. */
  readonly refusal: Refusal | undefined
  /** One at a time. `onDone` is not called for a dialog that is gone. */
  readonly run: (confirm: Confirm, onDone: () => void) => void
  /** Closes, and calls off what is under way. */
  readonly close: () => void
}

/** A dialog that stays open until the answer: a refusal must not cost what was entered. */
export function useAsking(onClose: () => void): Asking {
  const [isBusy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<Refusal>()
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])
  const end = (told: Refusal | undefined): void => {
    running.current = undefined
    setBusy(false)
    setRefusal(told)
  }
  const run = (confirm: Confirm, onDone: () => void): void => {
    if (running.current) return
    const controller = new AbortController()
    const answer = confirm(controller.signal)
    if (!(answer instanceof Promise)) return onDone()
    running.current = controller
    setBusy(true)
    setRefusal(undefined)
    void answer.then((told) => {
      if (controller.signal.aborted) return
      end(told)
      if (!told) onDone()
    })
  }
  const close = (): void => {
    running.current?.abort()
    end(undefined)
    onClose()
  }
  return { isBusy, refusal, run, close }
}
