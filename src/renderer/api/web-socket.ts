import type { ClientTransport } from '../../shared/contract/wire'
import { openWebSocket } from '../../shared/contract/web-socket-transport'

/**
 * To the server that this page came from. The token goes in the first message: a cookie would go to
 * every port of the host, published containers included, and an address is kept in logs.
 */
export function dialWebSocket(token: string): Promise<ClientTransport> {
  const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws'
  return openWebSocket(new WebSocket(`${scheme}://${window.location.host}/ws`), token)
}
