const maxNameBytes = 200
/** What a file system or a shell reads as more than a name, control and bidirectional characters and half characters included. */
const unsafe = /[\u0000-\u001f\u007f-\u009f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\p{Cs}]/gu
/** Names that Windows keeps for devices, whatever the extension. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/** A file name that is safe to suggest on every system: one path segment, at most 200 bytes, never hidden. */
export function downloadName(asked: string, fallback: string): string {
  const plain = asked
    .normalize('NFC')
    .replace(unsafe, '-')
    .replace(/^[.\s-]+|[.\s]+$/g, '')
  const name = shorten(plain)
  if (name === '') return fallback
  return reserved.test(name) ? `_${name}` : name
}

/** Cut in the middle of the stem, so that the extension stays; never inside a character. */
function shorten(name: string): string {
  if (Buffer.byteLength(name) <= maxNameBytes) return name
  const extension = /\.[\w.]{1,12}$/.exec(name)?.[0] ?? ''
  let stem = ''
  let bytes = Buffer.byteLength(extension)
  for (const character of name.slice(0, name.length - extension.length)) {
    bytes += Buffer.byteLength(character)
    if (bytes > maxNameBytes) break
    stem += character
  }
  return stem + extension
}
