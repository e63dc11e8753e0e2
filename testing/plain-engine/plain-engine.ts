import { request, type IncomingMessage } from 'node:http'
import { refusalError, transportError } from '../../src/main/core/engine/engine-error'
import type { EngineClient, JsonRequest, StreamRequest } from '../../src/main/core/engine/engine'
import type { EngineId } from '../../src/shared/model'

/** The smallest client of a real engine on a unix socket: tests of the areas above the engine use it. */
export function plainEngine(socketPath: string, id = 'local' as EngineId): EngineClient {
  const open = (asked: JsonRequest & StreamRequest): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const body = asked.body === undefined ? undefined : JSON.stringify(asked.body)
      const sent = request(
        {
          socketPath,
          path: `${asked.path}${queryText(asked.query)}`,
          method: asked.method ?? 'GET',
          agent: false,
          headers: body
            ? { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }
            : {},
          ...(asked.signal && { signal: asked.signal }),
        },
        (answer) => {
          const status = answer.statusCode ?? 0
          if (status < 400) return resolve(answer)
          textOf(answer).then(
            (text) =>
              reject(refusalError({ method: asked.method ?? 'GET', path: asked.path, status, body: text })),
            reject,
          )
        },
      )
      sent.on('error', (error) => reject(asked.signal?.aborted ? error : transportError(error, socketPath)))
      sent.end(body)
    })
  return {
    id,
    facts: { isPodman: false } as EngineClient['facts'],
    features: {} as EngineClient['features'],
    json: async <T>(asked: JsonRequest) => {
      const text = await textOf(await open(asked)).catch((error: unknown) => {
        throw transportError(error, socketPath)
      })
      return (text === '' ? undefined : JSON.parse(text)) as T
    },
    stream: open,
    bytes: open,
    hijack: () => Promise.reject(new Error('The plain client does not hijack')),
  }
}

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = ''
  answer.setEncoding('utf8')
  for await (const chunk of answer) text += chunk as string
  return text
}

function queryText(query: JsonRequest['query']): string {
  const entries = Object.entries(query ?? {}).filter(([, value]) => value !== undefined)
  const text = entries.map(([key, value]) => [
    key,
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  ])
  return text.length > 0 ? `?${new URLSearchParams(text).toString()}` : ''
}
