import { timeLimit } from '../../../platform/time-limit'
import type { Duplex } from 'node:stream'

const answerMs = 5_000

/** Whether the engine answers at the end of this road. Any failure is a no. */
export async function engineAnswers(
  dial: (signal: AbortSignal) => Promise<Duplex>,
  signal: AbortSignal,
): Promise<boolean> {
  const limit = timeLimit(signal, answerMs)
  try {
    const stream = await dial(limit)
    return await ask(stream, limit)
  } catch {
    return false
  }
}

function ask(stream: Duplex, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    let said = ''
    const end = (isUp: boolean): void => {
      signal.removeEventListener('abort', onAbort)
      stream.destroy()
      resolve(isUp)
    }
    const onAbort = (): void => end(false)
    signal.addEventListener('abort', onAbort, { once: true })
    stream.on('error', () => end(false))
    stream.on('close', () => end(false))
    stream.on('data', (bytes: Buffer) => {
      said += bytes.toString('latin1')
      if (said.includes('\r\n')) end(/^HTTP\/1\.[01] 200 /.test(said))
    })
    // No `end()`: a half-closed request stalls the answer through SSH.
    stream.write('GET /_ping HTTP/1.1\r\nHost: slipway\r\nConnection: close\r\n\r\n')
  })
}
