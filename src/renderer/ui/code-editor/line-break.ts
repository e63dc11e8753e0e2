/**
 * What ends a text's lines. Only where each end is CRLF is CRLF the end: else a lone CR stays a sign of the
 * text, so that saving changes nothing that the person did not.
 */
export function lineBreakOf(text: string): '\n' | '\r\n' {
  const hasCrLf = text.includes('\r\n')
  return hasCrLf && !/(^|[^\r])\n|\r(?!\n)/.test(text) ? '\r\n' : '\n'
}
