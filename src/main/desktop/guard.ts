import type { App, Session, WebContents } from 'electron'
import { externalUrl } from './external'
import { isOurs } from './scheme'

/** Copying from a terminal or a log is all that the window may ask of the browser under it. */
const allowed = new Set(['clipboard-sanitized-write', 'clipboard-read'])

/** Denies every permission but the clipboard, for our own origin only; asked and checked alike. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer) => {
    answer(allowed.has(permission) && contents !== null && isOurs(contents.getURL()))
  })
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => allowed.has(permission) && isOurs(origin),
  )
  session.setDevicePermissionHandler(() => false)
}

/** No page leaves our origin, opens a window or holds a webview; web links go to the person's browser. */
export function guardContents(contents: WebContents, openExternal: (url: string) => void): void {
  contents.setWindowOpenHandler(({ url }) => {
    const safe = externalUrl(url)
    if (safe !== undefined) openExternal(safe)
    return { action: 'deny' }
  })
  const stay = (event: { preventDefault(): void; url: string }): void => {
    if (!isOurs(event.url)) event.preventDefault()
  }
  contents.on('will-navigate', stay)
  contents.on('will-frame-navigate', stay)
  contents.on('will-redirect', stay)
  contents.on('will-attach-webview', (event) => event.preventDefault())
}

/** Whatever makes a web contents, it is guarded before it loads anything. */
export function guardApp(app: App, openExternal: (url: string) => void): void {
  app.on('web-contents-created', (_event, contents) => guardContents(contents, openExternal))
}
