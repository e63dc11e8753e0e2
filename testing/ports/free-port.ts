import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Below those that Linux gives to connections: none of them takes it before it is used. */
const range = { from: 20_000, to: 28_000 }
const given = new Set<number>()

/** A TCP port of 127.0.0.1 that nobody holds, another one each time. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(range.from, range.to)
    if (given.has(port) || !(await isFree(port))) continue
    given.add(port)
    return port
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
