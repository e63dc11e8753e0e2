import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/**
 * A port on this host's loopback that leads to a unix socket, which HyperKit leads to a vsock port of the
 * guest. Behind it is the guest's sshd, which lets nobody in without the machine's key.
 */
export class VsockRoad {
  readonly #open = new Set<Socket>()
  #server: Server | undefined
  #listening: Promise<number> | undefined

  constructor(private readonly socketPath: string) {}

  /** The port; the road is built when it is first asked for. */
  port(): Promise<number> {
    this.#listening ??= this.#listen()
    return this.#listening
  }

  close(): void {
    this.#server?.close()
    for (const socket of this.#open) socket.destroy()
  }

  #listen(): Promise<number> {
    // Half-open on both sides: who has said everything may still be answered.
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => this.#join(near))
    this.#server = server
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host: '127.0.0.1', port: 0 }, () => resolve((server.address() as AddressInfo).port))
      server.unref()
    })
  }

  #join(near: Socket): void {
    const far = connect({ path: this.socketPath, allowHalfOpen: true })
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#open.add(socket)
      // Only after a failure: one that closed in order may have left bytes that the other still sends.
      socket.on('error', () => other.destroy())
      socket.on('close', () => void this.#open.delete(socket))
    }
    near.pipe(far)
    far.pipe(near)
  }
}
