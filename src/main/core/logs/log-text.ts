import { createHash } from 'node:crypto'
import { AppError } from '../../../shared/errors'
import { log } from '../platform/log'
import { Demuxer } from '../engine/demux'
import { AgentLogFailed, openAgentLog } from './agent-log'
import { lookAt, type LoggedContainer } from './logged-container'
import { logAgent, openEngineLog, type LogHost } from './log-source'

export interface LogTextOptions {
  readonly timestamps: boolean
  readonly signal?: AbortSignal
}

/**
 * A container's whole log as it was written, byte for byte: stdout and stderr in the order of the log. Throws when
 * the engine went away before the end, which its clean EOF alone does not tell. Where the agent gives up, the
 * engine's answer goes on from there.
 */
export async function* readLogText(
  host: LogHost,
  id: string,
  options: LogTextOptions,
): AsyncGenerator<Uint8Array> {
  const { signal } = options
  const container = await lookAt(host.engine, id, signal)
  const given = new Given()
  try {
    for await (const bytes of textOf(host, container, options)) {
      given.add(bytes)
      yield bytes
    }
  } catch (error) {
    if (!(error instanceof AgentLogFailed)) throw error
    log.debug('logs', 'the engine goes on where the agent ended', { given: given.count, error: error.cause })
    for await (const bytes of textOf({ engine: host.engine }, container, options)) {
      const rest = given.skip(bytes)
      if (rest.length > 0) yield rest
    }
  }
  await host.engine.json({ path: '/version', ...(signal && { signal }) })
}

/** What was given already comes again from the engine: left out when it is the same, else the text is no one text. */
class Given {
  readonly #sum = createHash('sha256')
  readonly #again = createHash('sha256')
  #skipped = 0
  count = 0

  add(bytes: Uint8Array): void {
    this.#sum.update(bytes)
    this.count += bytes.length
  }

  skip(bytes: Uint8Array): Uint8Array {
    const known = Math.min(bytes.length, this.count - this.#skipped)
    if (known === 0) return bytes
    this.#again.update(bytes.subarray(0, known))
    this.#skipped += known
    const isAll = this.#skipped === this.count
    if (isAll && !this.#sum.digest().equals(this.#again.digest()))
      throw new AppError('engine.unreachable', 'The log was rotated while it was read', {
        facts: { what: 'agent' },
      })
    return bytes.subarray(known)
  }
}

async function* textOf(
  host: LogHost,
  container: LoggedContainer,
  { timestamps, signal }: LogTextOptions,
): AsyncGenerator<Uint8Array> {
  const read = { container, query: { follow: false, timestamps }, signal }
  const agent = logAgent(host, container)
  if (agent) {
    // A terminal's output has no heads between its pieces: as such the agent gives any log just as it is saved.
    const bare = { ...read, container: { ...container, isTty: true } }
    yield* openAgentLog(agent, { engine: host.engine, ...bare }) as AsyncIterable<Buffer>
    return
  }
  const stream = await openEngineLog(host.engine, read)
  let pieces: Buffer[] = []
  const demuxer = new Demuxer((piece) => void pieces.push(piece.bytes))
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (container.isTty) pieces.push(chunk)
      else demuxer.push(chunk)
      if (pieces.length > 0) yield pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces)
      pieces = []
    }
  } finally {
    stream.destroy()
  }
}
