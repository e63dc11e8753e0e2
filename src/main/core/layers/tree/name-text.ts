const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * A name as text that every name can be told in: a backslash and each byte that is no UTF-8 stand as `\xHH`, the
 * same as in files' names and as the agent writes them.
 */
export function nameText(bytes: Uint8Array): string {
  return textOf(bytes).replaceAll('\\', '\\x5c').replaceAll('\0', '\\x')
}

/** With a zero, which no name holds, in the place of the backslash of an escape. */
function textOf(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    return escaped(bytes)
  }
}

function escaped(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length;) {
    const length = sequenceAt(bytes, at)
    if (length === 0) text += `\0${(bytes[at] ?? 0).toString(16).padStart(2, '0')}`
    else text += decoder.decode(bytes.subarray(at, at + length))
    at += length || 1
  }
  return text
}

/** Length of the character that begins here; 0 when none does. */
function sequenceAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0
  const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  try {
    decoder.decode(bytes.subarray(at, at + length))
    return at + length <= bytes.length ? length : 0
  } catch {
    return 0
  }
}

/** Names of the agent: it marks those in which it had to escape bytes, and leaves others as they are. */
export const fromAgent = (text: string, isEscaped: boolean | undefined): string =>
  isEscaped ? text : text.includes('\\') ? text.replaceAll('\\', '\\x5c') : text
