import { Duplex } from 'node:stream'
import { withSignal } from '../../src/main/core/platform/with-signal'
import type { Guest, GuestAddress, GuestVerb, OpenGuest } from '../../src/main/core/machines/vm/guest'

/** A guest without a machine: what it was asked, and what it answers. */
export class FakeGuests {
  readonly asked: { verb: GuestVerb; args: readonly string[]; input?: string }[] = []
  /** Answers by verb; a function may throw. */
  readonly answers = new Map<GuestVerb, (input: string) => string>()
  readonly addresses: GuestAddress[] = []
  engineAnswers = true
  refuses: Error | undefined
  /** A knock is answered after this. */
  answersAfter: Promise<void> = Promise.resolve()
  readonly #open = new Set<() => void>()

  /** Called for `shutdown`: what the machine then does. */
  onShutdown: () => void = () => undefined

  readonly openGuest: OpenGuest = async (address, signal) => {
    this.addresses.push(address)
    await withSignal(this.answersAfter, signal)
    if (this.refuses) throw this.refuses
    return this.#guest()
  }

  verbs(): string[] {
    return this.asked.map(({ verb }) => verb)
  }

  /** Cuts every link that is open. */
  cut(): void {
    for (const close of [...this.#open]) close()
  }

  #guest(): Guest {
    const listeners = new Set<(reason: Error | undefined) => void>()
    const close = (): void => {
      if (!this.#open.delete(close)) return
      for (const listener of listeners) listener(undefined)
    }
    this.#open.add(close)
    return {
      run: async (verb, args, { input, signal }) => {
        await Promise.resolve()
        signal.throwIfAborted()
        this.asked.push({ verb, args, ...(input !== undefined && { input }) })
        if (verb === 'shutdown') this.onShutdown()
        return this.answers.get(verb)?.(input ?? '') ?? ''
      },
      dialUnix: () => Promise.resolve(this.#engine()),
      dialTcp: () => Promise.reject(new Error('no ports')),
      listenUnix: () => Promise.resolve(() => undefined),
      shell: () => Promise.reject(new Error('no shell')),
      onClosed: (listener) => {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
      close,
    }
  }

  #engine(): Duplex {
    const isUp = this.engineAnswers
    return new Duplex({
      read: () => undefined,
      write(_chunk, _encoding, done) {
        if (isUp) this.push('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK')
        else this.destroy()
        done()
      },
    })
  }
}
