import type { Duplex } from 'node:stream'

/** Writes, and resolves when the stream has room again or is gone: the flow control of what is typed and pasted. */
export function writeDrained(stream: Duplex, bytes: Uint8Array): Promise<void> {
  if (!stream.writable || stream.write(bytes)) return Promise.resolve()
  return new Promise((resolve) => {
    const go = (): void => {
      stream.off('drain', go)
      stream.off('close', go)
      resolve()
    }
    stream.on('drain', go)
    stream.on('close', go)
  })
}
