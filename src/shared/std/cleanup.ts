/** What must be undone when a thing ends. Stands in for AsyncDisposableStack, which Node 20 lacks. */
export class Cleanup {
  #steps: (() => unknown)[] = []
  #closing: Promise<void> | undefined

  get isClosed(): boolean {
    return this.#closing !== undefined
  }

  /** Adds an undo step. Added after closing it runs at once, which ends open-while-stopping races. */
  add(step: () => unknown): void {
    if (this.#closing) void Promise.resolve().then(step)
    else this.#steps.push(step)
  }

  /** Runs every step, newest first. One failure does not skip the rest; all are thrown together. */
  close(): Promise<void> {
    this.#closing ??= this.#run()
    return this.#closing
  }

  async #run(): Promise<void> {
    const failures: unknown[] = []
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'Some clean-up steps failed')
  }
}

/**
 * Makes a thing out of pieces: when a piece fails, what was made before it is undone. Throws why it failed; where the
 * undoing failed too, an `AggregateError` of that with the first reason as its message and `cause`.
 */
export async function allOrNothing<T>(make: (cleanup: Cleanup) => Promise<T>): Promise<T> {
  const cleanup = new Cleanup()
  try {
    return await make(cleanup)
  } catch (error) {
    await cleanup.close().catch((left: unknown) => {
      throw new AggregateError([error, left], error instanceof Error ? error.message : String(error), {
        cause: error,
      })
    })
    throw error
  }
}
