import { useSyncExternalStore } from 'react'

const dark = '(prefers-color-scheme: dark)'

function subscribe(changed: () => void): () => void {
  const media = window.matchMedia(dark)
  const observer = new MutationObserver(changed)
  media.addEventListener('change', changed)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  return () => {
    media.removeEventListener('change', changed)
    observer.disconnect()
  }
}

function current(): 'light' | 'dark' {
  const forced = document.documentElement.dataset['theme']
  if (forced === 'light' || forced === 'dark') return forced
  return window.matchMedia(dark).matches ? 'dark' : 'light'
}

/** The theme that is on screen now, forced or the system's: for what draws its own pixels. */
export const useScheme = (): 'light' | 'dark' => useSyncExternalStore(subscribe, current)
