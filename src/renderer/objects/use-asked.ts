import { useState } from 'react'
import { useSearch } from 'wouter'

/** The dialog that an address asks for (`/images?prune`), by the names behind its question mark; the first that is there. */
export function useAsked<T>(dialogs: Readonly<Record<string, T>>): T | undefined {
  const asked = new URLSearchParams(useSearch())
  // Read once, as the page opens: the address stays, the dialog is closed.
  const [first] = useState(() => Object.entries(dialogs).find(([name]) => asked.has(name))?.[1])
  return first
}
