/** Lets the browser save a text that the window holds. */
export function saveText(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has taken it by then; kept for ever it would hold the text in memory.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
