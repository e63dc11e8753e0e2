import { useEffect, useRef } from 'react'

export const isMac = (): boolean => /Mac|iPhone|iPad/.test(navigator.platform)

/** As people of this system write it: `Ctrl+K`, `⌘K`. */
export const commandKey = (key: string): string => (isMac() ? `⌘${key}` : `Ctrl+${key}`)

export interface WindowKeys {
  readonly onPalette: () => void
  readonly onHelp: () => void
  readonly onDock: () => void
  /** 1 is the first entry of the sidebar. */
  readonly onPage: (number: number) => void
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
  return handleCommand(event, keys) || handlePlain(event, keys)
}

function handleCommand(event: KeyboardEvent, keys: WindowKeys): boolean {
  const isCommand = (isMac() ? event.metaKey : event.ctrlKey) && !event.altKey && !event.shiftKey
  const isAlt = event.altKey && !event.ctrlKey && !event.metaKey
  if (isCommand && event.key.toLowerCase() === 'k') keys.onPalette()
  else if (isCommand && event.key === '`') keys.onDock()
  // By its place: with Alt some layouts make other signs of the digits.
  else if (isAlt && /^Digit[1-7]$/.test(event.code)) keys.onPage(Number(event.code.at(-1)))
  else return false
  return true
}

function handlePlain(event: KeyboardEvent, keys: WindowKeys): boolean {
  if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return false
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
