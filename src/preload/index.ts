import { contextBridge, ipcRenderer, webUtils } from 'electron'

/**
 * Tells the page that a port will come, so that it does not look for a server, and where a file lies that the
 * person chose: core reads it there.
 */
contextBridge.exposeInMainWorld('slipwayDesktop', { pathOf: (file: File) => webUtils.getPathForFile(file) })

/**
 * The port to core goes on into the page's own world. Posted to the page's own origin only: a page of
 * any other origin that came to stand here would get nothing.
 */
ipcRenderer.on('slipway-port', (event) => {
  window.postMessage({ kind: 'slipway-port' }, window.location.origin, [...event.ports])
})

/** The shell (menu, tray, deep link) asks for a page: a path of the window's hash router. */
ipcRenderer.on('slipway-navigate', (_event, path: unknown) => {
  if (typeof path === 'string' && path.startsWith('/')) window.location.hash = path
})
