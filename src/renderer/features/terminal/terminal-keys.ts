import { latinKey } from '../../ui/latin-key'

/** What a key asks of the window rather than of the program. */
export type TerminalKey = 'copy' | 'paste' | 'search' | 'window'

/** Ctrl+C, Ctrl+V and Ctrl+F are the program's own; with Shift they are ours. */
export function terminalKey(event: KeyboardEvent): TerminalKey | undefined {
  if (event.altKey) return undefined
  const key = latinKey(event).toLowerCase()
  if (isWindowKey(event, key)) return 'window'
  if (event.metaKey && !event.ctrlKey) return macKey(key)
  if (!event.ctrlKey || !event.shiftKey) return undefined
  if (key === 'c') return 'copy'
  if (key === 'v') return 'paste'
  return key === 'f' ? 'search' : undefined
}

/** Ctrl+F6 is the way out without a pointer: Tab, Escape and F6 alone are the program's. */
const isWindowKey = (event: KeyboardEvent, key: string): boolean =>
  event.ctrlKey ? isDockKey(event) || key === 'f6' : event.metaKey && isDockKey(event)

/** By its place too, as the window takes it: on a Korean keyboard it is `₩`. */
const isDockKey = ({ key, code, shiftKey }: KeyboardEvent): boolean =>
  key === '`' || (code === 'Backquote' && !shiftKey)

function macKey(key: string): TerminalKey | undefined {
  if (key === 'c') return 'copy'
  if (key === 'v') return 'paste'
  if (key === 'f') return 'search'
  return key === 'k' ? 'window' : undefined
}
