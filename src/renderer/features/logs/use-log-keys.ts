import { type KeyboardEvent as ReactKeyboardEvent, type RefObject, useEffect } from 'react'
import { latinKey } from '../../ui'
import type { LineSelection } from './copy-lines'
import type { LogModel } from './log-model'
import type { LogScroll } from './use-log-scroll'

interface Finding {
  readonly field: RefObject<HTMLInputElement | null>
  readonly step: (by: 1 | -1) => void
  readonly follow: () => void
}

/** Ctrl+F and F3 work wherever the focus is on the page, but in terminals and dialogs, which have their own. */
export function useFindKeys({ field, step, follow }: Finding): void {
  useEffect(() => {
    const find = (): void => {
      field.current?.focus()
      field.current?.select()
    }
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || isElsewhere(event.target)) return
      const wish = wishOf(event)
      if (!wish) return
      event.preventDefault()
      if (wish === 'find') find()
      else if (wish === 'follow') follow()
      else step(wish === 'next' ? 1 : -1)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [field, step, follow])
}

function wishOf(event: KeyboardEvent): 'find' | 'next' | 'previous' | 'follow' | undefined {
  const isCommand = (event.ctrlKey || event.metaKey) && !event.shiftKey
  if (isCommand && latinKey(event).toLowerCase() === 'f') return 'find'
  if (event.key === 'F3') return event.shiftKey ? 'previous' : 'next'
  return event.key === 'End' && isNoControl(event.target) ? 'follow' : undefined
}

/** The page as a whole has the focus, or nothing has. */
const isNoControl = (target: EventTarget | null): boolean =>
  target instanceof Element && target.matches('body, main')

const isElsewhere = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('.xterm, [role="dialog"]') !== null

interface ListKeys {
  readonly model: LogModel
  readonly scroll: LogScroll
  readonly selection: LineSelection | undefined
  readonly onSelect: (selection: LineSelection | undefined) => void
  readonly onCopy: (selection: LineSelection) => void
}

/** Keys of the list itself: End follows, Ctrl+A and Shift+arrows choose lines, Ctrl+C copies them. */
export function handleListKey(event: ReactKeyboardEvent, keys: ListKeys): void {
  if (event.target instanceof HTMLInputElement) return
  const isCtrl = event.ctrlKey || event.metaKey
  const handled = isCtrl ? handleCtrl(event, keys) : handlePlain(event, keys)
  if (handled) event.preventDefault()
}

function handleCtrl(event: ReactKeyboardEvent, { model, selection, onSelect, onCopy }: ListKeys): boolean {
  const key = latinKey(event.nativeEvent).toLowerCase()
  const { rows } = model
  if (key === 'a' && rows.length > 0) {
    onSelect({ anchor: rows.seqAt(0) as number, head: rows.seqAt(rows.length - 1) as number })
    return true
  }
  // Text chosen with the pointer is the browser's to copy.
  if (key !== 'c' || !selection || document.getSelection()?.isCollapsed === false) return false
  onCopy(selection)
  return true
}

function handlePlain(event: ReactKeyboardEvent, { model, scroll, selection, onSelect }: ListKeys): boolean {
  if (event.key === 'End') scroll.follow()
  else if (event.key === 'Escape' && selection) onSelect(undefined)
  else if (event.shiftKey && selection && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
    const by = event.key === 'ArrowUp' ? -1 : 1
    const head = model.rows.seqAt(model.rows.indexOf(selection.head) + by)
    if (head !== undefined) onSelect({ ...selection, head })
  } else return false
  return true
}
