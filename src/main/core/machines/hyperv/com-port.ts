import { connect, type Socket } from 'node:net'

/**
 * Follows the guest's serial port, a named pipe that Hyper-V serves while the VM runs. One reader at a time:
 * it is free again when this one lets go.
 */
export class ComPort {
  #socket: Socket | undefined
  #isClosed = false

  constructor(
    private readonly path: string,
    private readonly onBytes: (bytes: Uint8Array) => void,
  ) {}

  /** Resolves once the pipe was lost or could not be had; true when it was had. */
  async follow(): Promise<boolean> {
    if (this.#isClosed) return false
    const socket = connect({ path: this.path })
    this.#socket = socket
    return new Promise((resolve) => {
      let wasOpen = false
      socket.on('connect', () => (wasOpen = true))
      socket.on('data', this.onBytes)
      // `close` comes after it and tells the same.
      socket.on('error', () => undefined)
      socket.on('close', () => resolve(wasOpen))
    })
  }

  close(): void {
    this.#isClosed = true
    this.#socket?.destroy()
  }
}
