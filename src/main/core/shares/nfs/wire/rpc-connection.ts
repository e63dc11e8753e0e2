import type { Duplex } from 'node:stream'
import { recordMark, RecordReader } from './record-stream'
import type { XdrWriter } from './xdr'

/** The biggest block and room for the call around it. */
const maxRecordBytes = 1_048_576 + 16_384
/** Calls under way of one connection, and what they hold: past it the client is not read. */
const maxCalls = 64
const maxHeldBytes = 16 * 1_048_576

/** Answers one record; nothing for what gets no answer. */
export type AnswerRecord = (record: Buffer) => Promise<XdrWriter | undefined>

/**
 * Serves one client's connection: many calls at once, answers in the order they are ready. A client that does not
 * read its answers is not read either. Returns the undo.
 */
export function serveRecords(stream: Duplex, answer: AnswerRecord): () => void {
  const connection = new RpcConnection(stream, answer)
  return () => connection.end()
}

class RpcConnection {
  readonly #reader = new RecordReader(maxRecordBytes)
  readonly #waiting: Buffer[] = []
  #calls = 0
  #heldBytes = 0
  #isBlocked = false
  #isEnded = false

  constructor(
    private readonly stream: Duplex,
    private readonly answer: AnswerRecord,
  ) {
    stream.on('data', (chunk: Buffer) => this.#take(chunk))
    stream.on('drain', () => {
      this.#isBlocked = false
      this.#go()
    })
    stream.on('end', () => this.end())
    stream.on('error', () => this.end())
    stream.on('close', () => this.end())
  }

  end(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#waiting.length = 0
    this.stream.destroy()
  }

  #take(chunk: Buffer): void {
    if (this.#isEnded) return
    try {
      for (const record of this.#reader.push(chunk)) {
        this.#heldBytes += record.length
        this.#waiting.push(record)
      }
    } catch {
      // Not a stream of records, or one that is too long: there is no way back into step.
      this.end()
      return
    }
    this.#go()
  }

  #go(): void {
    while (!this.#isBlocked && this.#calls < maxCalls) {
      const record = this.#waiting.shift()
      if (!record) break
      void this.#run(record)
    }
    const isFull = this.#isBlocked || this.#waiting.length > 0 || this.#heldBytes > maxHeldBytes
    if (this.#isEnded || isFull === this.stream.isPaused()) return
    if (isFull) this.stream.pause()
    else this.stream.resume()
  }

  async #run(record: Buffer): Promise<void> {
    this.#calls++
    try {
      const reply = await this.answer(record)
      if (reply && !this.#isEnded) this.#send(reply)
    } catch {
      this.end()
    } finally {
      this.#calls--
      this.#heldBytes -= record.length
      this.#go()
    }
  }

  #send(reply: XdrWriter): void {
    const chunks = reply.chunks()
    this.stream.cork()
    this.stream.write(recordMark(reply.length))
    for (const chunk of chunks) if (!this.stream.write(chunk)) this.#isBlocked = true
    this.stream.uncork()
    // Corked writes may be let go at once when the cork goes.
    this.#isBlocked = this.#isBlocked && this.stream.writableNeedDrain
  }
}
