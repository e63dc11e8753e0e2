const storageKey = 'slipway-token'

/**
 * The token of the first address (`#token=…`). It moves to the tab's session storage and leaves the
 * address bar, so that neither history nor a screenshot of the bar holds it. Session storage is this
 * tab's and this origin's only; a reload finds it there, and a tab beside may ask for it.
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

const channelName = 'slipway-token'
const answerMs = 300
type Message = { readonly kind: 'ask' } | { readonly kind: 'token'; readonly token: string }

/**
 * The token of another tab of this origin that is connected: a link that was opened in a new tab carries none. Other
 * ports are other origins and hear nothing. Empty when no tab answers.
 */
export async function askForToken(): Promise<string> {
  const channel = new BroadcastChannel(channelName)
  try {
    const token = await new Promise<string>((resolve) => {
      channel.onmessage = ({ data }: MessageEvent<Message>) => data.kind === 'token' && resolve(data.token)
      channel.postMessage({ kind: 'ask' } satisfies Message)
      setTimeout(() => resolve(''), answerMs)
    })
    if (token !== '') sessionStorage.setItem(storageKey, token)
    return token
  } finally {
    channel.close()
  }
}

/** Answers other tabs for this one's life, while its own token is good. */
export function shareToken(isGood: () => boolean): void {
  const channel = new BroadcastChannel(channelName)
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    const token = sessionStorage.getItem(storageKey)
    if (data.kind === 'ask' && token !== null && isGood())
      channel.postMessage({ kind: 'token', token } satisfies Message)
  }
}
