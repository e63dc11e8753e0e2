const storageKey = 'slipway-token'

/**
 * The token of the first address (`#token=…`). It moves to the tab's session storage and leaves the
 * address bar, so that neither history nor a screenshot of the bar holds it. Session storage is this
 * tab's and this origin's only, and a reload finds it there.
 */
export function takeToken(): string {
  const match = /^#token=([^&]+)(?:&(.*))?$/.exec(window.location.hash)
  if (match?.[1] !== undefined) {
    sessionStorage.setItem(storageKey, decodeURIComponent(match[1]))
    const rest = match[2] === undefined ? '' : `#${match[2]}`
    window.history.replaceState(null, '', window.location.pathname + window.location.search + rest)
  }
  return sessionStorage.getItem(storageKey) ?? ''
}
