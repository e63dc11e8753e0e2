import type { ClientTransport, CoreTransport, Message, Transport } from '../../../shared/contract/wire'
import { maxUnreadBytes } from './serve-client'

/**
 * Joins a client of this process to a core in another one, message by message. Credit goes through it
 * unchanged, so a slow client still slows its source; either end closing closes the other.
 */
export function relay(client: CoreTransport, core: ClientTransport): void {
  const close = (): void => {
    client.close()
    core.close()
  }
  const pass = <M extends Message>(to: Transport<M>, message: M): void => {
    try {
      to.send(message)
      if (to.bufferedBytes > maxUnreadBytes) close()
    } catch {
      close()
    }
  }
  client.onClose(close)
  core.onClose(close)
  client.onMessage((message) => pass(core as unknown as Transport<typeof message>, message))
  core.onMessage((message) => pass(client as unknown as Transport<typeof message>, message))
}
