import { useSyncExternalStore } from 'react'

/**
 * Where the window is: `#/images?pull=x`. The question mark's part lives in the fragment too (wouter's
 * own hook would put it before the `#`, where it stays for ever and reaches the server).
 */
function parts(): readonly [path: string, search: string] {
  const [path = '', search = ''] = window.location.hash.replace(/^#?\/?/, '').split('?')
  return [`/${path}`, search]
}

function subscribe(changed: () => void): () => void {
  window.addEventListener('hashchange', changed)
  return () => window.removeEventListener('hashchange', changed)
}

export function navigate(to: string, options: { readonly replace?: boolean } = {}): void {
  const hash = `#${to.startsWith('/') ? to : `/${to}`}`
  if (hash === window.location.hash) return
  if (options.replace) {
    window.history.replaceState(null, '', hash)
    window.dispatchEvent(new HashChangeEvent('hashchange'))
  } else window.location.hash = hash
}

const usePath = (): string => useSyncExternalStore(subscribe, () => parts()[0])

/** For wouter's Router. */
export const useHashLocation = Object.assign((): [string, typeof navigate] => [usePath(), navigate], {
  hrefs: (href: string) => `#${href}`,
})
export const useHashSearch = (): string => useSyncExternalStore(subscribe, () => parts()[1])
