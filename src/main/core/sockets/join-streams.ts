import type { Duplex } from 'node:stream'

/**
 * Carries bytes both ways until both sides have said their last. Each side's end is passed on as an end and
 * leaves the other direction alone; a slow reader slows its writer. What breaks on one side breaks the other.
 */
export function joinStreams(a: Duplex, b: Duplex): void {
  pour(a, b)
  pour(b, a)
  a.resume()
  b.resume()
}

function pour(from: Duplex, to: Duplex): void {
  from.on('data', (chunk: Buffer) => {
    if (to.writable && !to.write(chunk)) from.pause()
  })
  to.on('drain', () => from.resume())
  from.on('end', () => to.end())
  from.on('error', () => to.destroy())
  from.on('close', () => {
    // Closed without its last word: a crash, which must not look like an orderly end.
    if (!from.readableEnded) to.destroy()
    else if (!to.writableEnded) to.end()
  })
  // Nobody reads what comes from here any more.
  to.on('close', () => from.resume())
}
