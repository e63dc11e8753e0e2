import { useEffect } from 'react'
import { useLocation, useSearch } from 'wouter'

/** Dialogs by the name that asks for them, each from what the address says with it (`?pull=nginx`). */
export type Askable<T> = Readonly<Record<string, (value: string) => T>>

/**
 * Opens the dialog that the address asks for (`/images?prune`); the first that is there. The question then leaves the
 * address: a reload or Back does not open it again, and it can be asked anew while the page is open.
 */
export function useAsked<T>(dialogs: Askable<T>, open: (dialog: T) => void): void {
  const search = useSearch()
  const [path, navigate] = useLocation()
  useEffect(() => {
    const asked = new URLSearchParams(search)
    const found = Object.entries(dialogs).find(([name]) => asked.has(name))
    if (!found) return
    const [name, dialogOf] = found
    open(dialogOf(asked.get(name) ?? ''))
    navigate(path, { replace: true })
  }, [search, path, navigate, dialogs, open])
}
