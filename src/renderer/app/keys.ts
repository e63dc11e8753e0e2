import { useEffect, useRef } from 'react'
import { latinKey } from '../ui'

export const isMac = (): boolean => /Mac|iPhone|iPad/.test(navigator.platform)

/** As people of this system write it: `Ctrl+K`, `⌘K`. */
export const commandKey = (key: string): string => (isMac() ? `⌘${key}` : `Ctrl+${key}`)

/** Back and forward, as the system's browsers have it. */
export const historyKeys = (): string => (isMac() ? '⌘[ ⌘]' : 'Alt+← →')

export interface WindowKeys {
  readonly onPalette: () => void
  readonly onHelp: () => void
  readonly onDock: () => void
  /** 1 is the first entry of the sidebar. */
  readonly onPage: (number: number) => void
  /** To the next or the last part of the window. */
  readonly onArea: (by: 1 | -1) => void
}

/** Keys that work everywhere. Those without Ctrl or Alt are off while the person types. */
export function useWindowKeys(keys: WindowKeys): void {
  const latest = useRef(keys)
  useEffect(() => {
    latest.current = keys
  })
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return
      if (handle(event, latest.current)) event.preventDefault()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
}

function handle(event: KeyboardEvent, keys: WindowKeys): boolean {
  if (handleCommand(event, keys)) return true
  // What is behind an open dialog is not to be moved: an answer is awaited first.
  if (document.querySelector('.dialog, .palette')) return false
  return handleMove(event, keys) || handlePlain(event, keys)
}

function handleCommand(event: KeyboardEvent, keys: WindowKeys): boolean {
  if (!isCommand(event)) return false
  if (latinKey(event).toLowerCase() === 'k') keys.onPalette()
  // By its place too: on a Korean keyboard it is `₩`.
  else if (event.key === '`' || event.code === 'Backquote') keys.onDock()
  else return false
  return true
}

const isCommand = (event: KeyboardEvent): boolean =>
  (isMac() ? event.metaKey : event.ctrlKey) && !event.altKey && !event.shiftKey

/** To a page, a part of the window, or through what was visited. */
function handleMove(event: KeyboardEvent, keys: WindowKeys): boolean {
  const isAlt = event.altKey && !event.ctrlKey && !event.metaKey
  const steps = stepsOf(event, isAlt)
  if (steps !== undefined) window.history.go(steps)
  // By its place: with Alt some layouts make other signs of the digits.
  else if (isAlt && /^Digit[1-7]$/.test(event.code)) keys.onPage(Number(event.code.at(-1)))
  else if (event.key === 'F6' && !event.altKey && !event.metaKey) keys.onArea(event.shiftKey ? -1 : 1)
  else return false
  return true
}

function stepsOf(event: KeyboardEvent, isAlt: boolean): -1 | 1 | undefined {
  if (isMac()) return isCommand(event) ? { '[': -1 as const, ']': 1 as const }[event.key] : undefined
  return isAlt && !event.shiftKey ? { ArrowLeft: -1 as const, ArrowRight: 1 as const }[event.key] : undefined
}

function handlePlain(event: KeyboardEvent, keys: WindowKeys): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false
  if (event.key === 'ArrowDown') return focusFound(event.target)
  if (isTyping(event.target)) return false
  if (event.key === '/') return focusSearch()
  if (event.key !== '?') return false
  keys.onHelp()
  return true
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.closest('input, textarea, select, .xterm') !== null)

function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('main input[data-search]')
  field?.focus()
  field?.select()
  return field !== null
}

/** From a page's search down to the list that it narrows, and on its first line. */
function focusFound(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement) || !target.matches('main input[data-search]')) return false
  const lists = document.querySelectorAll<HTMLElement>('main :is([role="grid"], [role="treegrid"])')
  const list = [...lists].find(
    (one) => (target.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0,
  )
  if (!list) return false
  list.focus()
  if (!list.hasAttribute('aria-activedescendant'))
    list.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }))
  return true
}
