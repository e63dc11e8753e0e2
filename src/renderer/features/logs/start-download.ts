/** Lets the browser fetch what a ticket stands for: nothing is held in the window's memory. */
export function startDownload(ticket: string, name: string): void {
  const link = document.createElement('a')
  link.href = `/download/${ticket}`
  link.download = name
  link.click()
}
