import { createClient } from '../../shared/contract/client'
import { AppError } from '../../shared/errors'
import { coreOverPort, type PortLike } from '../../shared/contract/message-port-transport'
import { connectionStore, type Connect } from './connection'
import { isDesktop } from './desktop'
import { askForToken, shareToken, takeToken } from './token'
import { dialWebSocket } from './web-socket'

declare global {
  interface Window {
    /** Where a test or a shell put the port before our code ran. */
    slipwayPort?: MessagePort
  }
}

/** The desktop's port when there is one, else the WebSocket of the server that this page came from. */
export function connectToCore(): Connect {
  const ports = new PortInbox()
  shareToken(() => connectionStore.getState().state === 'connected')
  return async () => {
    const port = await ports.next()
    // The type library lacks the port's close event, which Chromium and Electron do tell.
    if (port) return createClient(coreOverPort(port as unknown as PortLike))
    const token = takeToken() || (await askForToken())
    if (token === '') throw noToken()
    return createClient(await dialWebSocket(token))
  }
}

/** The bare address, without what makes it valid: the same page as for a token of an earlier start. */
const noToken = (): AppError =>
  new AppError('core.gone', 'This address carries no token', { facts: { isRefused: true } })

/** The preload's port can come before or after we ask, and anew after core was restarted. */
class PortInbox {
  #port: MessagePort | undefined = window.slipwayPort
  #isDesktop = isDesktop() || window.slipwayPort !== undefined
  #wanted: ((port: MessagePort) => void) | undefined

  constructor() {
    window.addEventListener('message', (event: MessageEvent<unknown>) => {
      const [port] = event.ports
      // Only our own preload posts from this very window; frames and openers are others.
      if (event.source !== window || !isPortMessage(event.data) || !port) return
      this.#isDesktop = true
      if (this.#wanted) this.#wanted(port)
      else this.#port = port
      this.#wanted = undefined
    })
  }

  next(): Promise<MessagePort | undefined> {
    if (!this.#isDesktop) return Promise.resolve(undefined)
    const port = this.#port
    this.#port = undefined
    if (port) return Promise.resolve(port)
    return new Promise((resolve) => (this.#wanted = resolve))
  }
}

const isPortMessage = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && (data as { kind?: unknown }).kind === 'slipway-port'
