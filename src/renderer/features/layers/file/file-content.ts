/** Shown as text: what the browser draws and compares without a pause that is felt. */
export const textLimit = 1024 * 1024
/** Shown of what is no text. */
export const hexLimit = 4096
/** Where something looks for the byte that no text has, as git does. */
const lookAt = 8000

export type FileContent =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'binary'; readonly start: Uint8Array }

/** Text when it is UTF-8 without a NUL; a sign that the limit cut in two at the end does not count. */
export function contentOf(bytes: Uint8Array): FileContent {
  const start = bytes.subarray(0, hexLimit)
  if (bytes.subarray(0, lookAt).includes(0)) return { kind: 'binary', start }
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true })
    return { kind: 'text', text }
  } catch {
    return { kind: 'binary', start }
  }
}

/** `00000010  7f 45 4c 46 …  .ELF`, sixteen bytes a line, as `hexdump -C`. */
export function hexLines(bytes: Uint8Array): string {
  const lines: string[] = []
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.subarray(at, at + 16)]
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0'))
    const halves = `${hex.slice(0, 8).join(' ').padEnd(23)}  ${hex.slice(8).join(' ').padEnd(23)}`
    const words = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('')
    lines.push(`${at.toString(16).padStart(8, '0')}  ${halves}  ${words}`)
  }
  return lines.join('\n')
}

export function joinBytes(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
