import type { AgentClient } from './agent-client'

/**
 * What a stream of the agent gives, until it ends, its reader leaves, or the signal does. Throws `cancelled`, the
 * signal's reason, or why the stream broke.
 */
export async function* readStream(
  agent: AgentClient,
  { method, args }: { readonly method: string; readonly args: object },
  signal: AbortSignal,
): AsyncGenerator<unknown, undefined> {
  signal.throwIfAborted()
  const stream = agent.stream(method, args)
  const cancel = (): void => stream.cancel()
  signal.addEventListener('abort', cancel, { once: true })
  try {
    for await (const item of stream) yield item
    return undefined
  } finally {
    signal.removeEventListener('abort', cancel)
    stream.cancel()
  }
}
