import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Certificate } from './certificates'

export interface TlsFront {
  readonly port: number
  stop(): Promise<void>
}

/** Speaks TLS with this certificate on a loopback port, and plain HTTP with `behind` (`HOST:PORT`). */
export async function startTlsFront(behind: string, { cert, key }: Certificate): Promise<TlsFront> {
  const [host, port] = behind.split(':')
  const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (asked, answer) => {
    const { url: path, method } = asked
    // A registry answers with addresses of its own: they are to lead through here.
    const headers = { ...asked.headers, 'x-forwarded-proto': 'https' }
    const onward = request({ host, port, path, method, headers }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers)
      got.pipe(answer)
    })
    onward.on('error', () => answer.destroy())
    asked.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
