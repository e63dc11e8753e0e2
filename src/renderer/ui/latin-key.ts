/**
 * A key as a Latin keyboard names it. With a Korean one switched on S says `ㄴ`, or `Process` while it composes, and
 * the shortcut is meant all the same.
 */
export function latinKey({ key, code }: { readonly key: string; readonly code: string }): string {
  const isForeign = key === 'Process' || (key.length === 1 && key > '\u007f')
  return isForeign && /^Key[A-Z]$/.test(code) ? code.slice(3).toLowerCase() : key
}
