/** An address that may be opened: http or https, nothing hidden in it. */
export interface SafeLink {
  readonly href: string
  /** As the browser resolves it: other scripts in punycode. */
  readonly host: string
}

const maxChars = 4096

export function safeLink(text: string): SafeLink | undefined {
  if (text.length > maxChars) return undefined
  let url: URL
  try {
    url = new URL(text)
  } catch {
    return undefined
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined
  // `https://bank.example@evil.example/` shows one host and leads to another.
  if (url.username !== '' || url.password !== '') return undefined
  return { href: url.href, host: url.host }
}

export function openLink(link: SafeLink): void {
  window.open(link.href, '_blank', 'noopener,noreferrer')
}
