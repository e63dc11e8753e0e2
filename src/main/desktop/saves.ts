import type { Session } from 'electron'

/**
 * Tells each save that broke off. One that Chromium would go on with later is given up: what stands behind a ticket
 * is read once, from its beginning.
 */
export function followSaves(session: Session, onBroken: (name: string) => void): void {
  session.on('will-download', (_event, item) => {
    item.on('updated', (_updated, state) => {
      if (state !== 'interrupted') return
      onBroken(item.getFilename())
      item.cancel()
    })
    // Cancelled is what a person does, or what has been told just now.
    item.once('done', (_done, state) => {
      if (state === 'interrupted') onBroken(item.getFilename())
    })
  })
}
