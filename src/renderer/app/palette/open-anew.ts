import { flushSync } from 'react-dom'

type Go = (path: string, options?: { readonly replace?: boolean }) => void

/**
 * Goes to a page that is to open a dialog (`/images?prune`). A page reads that as it opens: one that is open already
 * is left first, before anything is painted.
 */
export function openAnew(path: string, go: Go): void {
  const [page = '', asked] = path.split('?')
  const here = window.location.hash.replace(/^#/, '').split('?')[0]
  const isAsked = asked !== undefined && here === page
  // Nothing is at this address, so nothing is loaded for it.
  if (isAsked) flushSync(() => go('/-', { replace: true }))
  go(path, { replace: isAsked })
}
