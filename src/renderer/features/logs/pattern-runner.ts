import { matchingIndices, matchRanges, type Pattern } from './pattern'

export interface PatternRequest {
  readonly id: number
  readonly what: 'scan' | 'ranges'
  readonly pattern: Pattern
  readonly texts: readonly string[]
}
/** `id` 0 says that the worker is ready. */
export interface PatternAnswer {
  readonly id: number
  readonly hits?: readonly number[]
  readonly ranges?: readonly (readonly number[])[]
}

/** The part of a Worker that is used here. */
export interface PatternWorker {
  postMessage(request: PatternRequest): void
  addEventListener(kind: 'message' | 'error', listener: (event: { data?: PatternAnswer }) => void): void
  terminate(): void
}

/** The pattern took longer than its deadline: its worker was ended. */
export class PatternTooSlow extends Error {
  override readonly name = 'PatternTooSlow'
}

/** Time for one request of at most a few thousand lines; an ordinary pattern needs some milliseconds. */
const deadlineMs = 2000
/** A busy machine may take long to start a thread; this is not the pattern's fault. */
const startDeadlineMs = 30_000

interface Waiting {
  readonly resolve: (answer: PatternAnswer) => void
  readonly reject: (error: Error) => void
}

/** Runs patterns: plain text at once, regular expressions in a worker that is ended when it takes too long. */
export class PatternRunner {
  #worker: PatternWorker | undefined
  #ready: Promise<unknown> | undefined
  #waiting = new Map<number, Waiting>()
  #id = 0

  constructor(
    private readonly makeWorker: () => PatternWorker,
    private readonly limitMs = deadlineMs,
  ) {}

  async scan(pattern: Pattern, texts: readonly string[]): Promise<readonly number[]> {
    if (pattern.isLiteral) return matchingIndices(pattern, texts)
    return (await this.#ask('scan', pattern, texts)).hits ?? []
  }

  async ranges(pattern: Pattern, texts: readonly string[]): Promise<readonly (readonly number[])[]> {
    if (pattern.isLiteral) return matchRanges(pattern, texts)
    return (await this.#ask('ranges', pattern, texts)).ranges ?? []
  }

  /** Ends the worker; what waits for it fails. The next question starts another. */
  close(): void {
    this.#stop(new PatternTooSlow('The search was closed'))
  }

  async #ask(what: 'scan' | 'ranges', pattern: Pattern, texts: readonly string[]): Promise<PatternAnswer> {
    await this.#start()
    const worker = this.#worker
    if (!worker) throw new PatternTooSlow('The search was closed')
    const id = ++this.#id
    const answer = this.#expect(id, this.limitMs)
    worker.postMessage({ id, what, pattern, texts })
    return answer
  }

  #start(): Promise<unknown> {
    if (this.#worker && this.#ready) return this.#ready
    const worker = this.makeWorker()
    this.#worker = worker
    worker.addEventListener('message', ({ data }) => {
      if (!data) return
      this.#waiting.get(data.id)?.resolve(data)
      this.#waiting.delete(data.id)
    })
    worker.addEventListener('error', () => this.#stop(new Error('The search worker failed')))
    this.#ready = this.#expect(0, startDeadlineMs)
    return this.#ready
  }

  #expect(id: number, limitMs: number): Promise<PatternAnswer> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#stop(new PatternTooSlow('The pattern takes too long')), limitMs)
      const settled = (): void => clearTimeout(timer)
      this.#waiting.set(id, {
        resolve: (answer) => (settled(), resolve(answer)),
        reject: (error) => (settled(), reject(error)),
      })
    })
  }

  #stop(error: Error): void {
    this.#worker?.terminate()
    this.#worker = undefined
    this.#ready = undefined
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const one of waiting) one.reject(error)
  }
}
