const perLine = 16

/** Bytes as people look at them: place, sixteen bytes, and their signs. `offset` is where `bytes` begin. */
export function hexLines(bytes: Uint8Array, offset = 0): string {
  const lines: string[] = []
  for (let at = 0; at < bytes.length; at += perLine) {
    const part = bytes.subarray(at, at + perLine)
    const numbers = [...part].map((byte) => byte.toString(16).padStart(2, '0'))
    const [left, right] = [numbers.slice(0, 8).join(' '), numbers.slice(8).join(' ')]
    const signs = [...part].map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'))
    const place = (offset + at).toString(16).padStart(8, '0')
    lines.push(`${place}  ${left.padEnd(23)}  ${right.padEnd(23)}  ${signs.join('')}`)
  }
  return lines.join('\n')
}
