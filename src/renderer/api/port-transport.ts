import type { ClientTransport, CoreMessage } from '../../shared/contract/wire'
import { Emitter } from '../../shared/std/emitter'

/** Messages over a MessagePort: they travel as structured clones, bytes as bytes. */
export function portTransport(port: MessagePort): ClientTransport {
  const messages = new Emitter<CoreMessage>()
  const closed = new Emitter<void>()
  let isOpen = true
  const end = (): void => {
    if (!isOpen) return
    isOpen = false
    closed.emit()
  }
  port.addEventListener('message', (event: MessageEvent<CoreMessage>) => messages.emit(event.data))
  // Chromium tells when the other end is gone; the type library does not know the event yet.
  port.addEventListener('close' as 'message', end)
  port.start()
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => messages.on(listener),
    onClose: (listener) => closed.on(listener),
    // A port has no queue that we could see; credit bounds what is under way.
    bufferedBytes: 0,
    close: () => {
      port.close()
      end()
    },
  }
}
