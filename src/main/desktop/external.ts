/**
 * The one door to the person's browser. Only http and https, no user info (it disguises the host), no
 * control characters; anything else is refused.
 */
export function externalUrl(text: string): string | undefined {
  if (text.length > 8192 || /[\p{Cc}\p{Cf}\s]/u.test(text)) return undefined
  let url: URL
  try {
    url = new URL(text)
  } catch {
    return undefined
  }
  const isWeb = url.protocol === 'http:' || url.protocol === 'https:'
  return isWeb && url.username === '' && url.password === '' && url.hostname !== '' ? url.href : undefined
}
