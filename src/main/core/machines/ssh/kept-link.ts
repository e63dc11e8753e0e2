import { AppError, isCode } from '../../../../shared/errors'
import { backoffMs } from '../../../../shared/std/backoff'
import { log } from '../../platform/log'
import { pause } from '../../platform/wait-for'
import { withSignal } from '../../platform/with-signal'
import type { SshLink } from './ssh-tools'

/** Between two tries that fail: at once, soon, and in the end twice a minute at the most. */
const retry = { minMs: 500, maxMs: 33_000 }
/** Refused logins are counted by many hosts, which then lock the door. */
const refusedMs = 5 * 60_000
/** Who asks waits so long for a try that is due soon, or that is under way. */
const patienceMs = 6_500

/**
 * One link that many share: opened when somebody needs it, opened anew when it broke, and not asked for more
 * often than a host that is gone deserves. A question that waits for its answer is not asked again by itself.
 */
export class KeptLink {
  readonly #end = new AbortController()
  #link: SshLink | undefined
  #opening: Promise<SshLink> | undefined
  #failure: { readonly error: AppError; readonly untilMs: number } | undefined
  #failures = 0
  #wake = new AbortController()

  constructor(private readonly open: (signal: AbortSignal) => Promise<SshLink>) {}

  /** The link that stands now. */
  get link(): SshLink | undefined {
    return this.#link
  }

  /** The link, as soon as it stands. Throws why it does not. */
  async use(signal: AbortSignal): Promise<SshLink> {
    if (this.#link && !this.#link.isClosed) return this.#link
    await this.#untilDue(signal)
    this.#opening ??= this.#open().finally(() => (this.#opening = undefined))
    return withSignal(this.#opening, signal)
  }

  /** The person has mended something, or wants to know now: the next try is not held back. */
  retry(): void {
    this.#failure = undefined
    this.#failures = 0
    this.#wake.abort()
    this.#wake = new AbortController()
  }

  close(): void {
    this.#end.abort(new AppError('cancelled', 'Cancelled'))
    this.#wake.abort()
    this.#link?.close()
    this.#link = undefined
  }

  async #untilDue(signal: AbortSignal): Promise<void> {
    const failure = this.#failure
    if (!failure) return
    const leftMs = failure.untilMs - performance.now()
    if (leftMs <= 0) return
    if (leftMs > patienceMs) throw failure.error
    await pause(leftMs, AbortSignal.any([signal, this.#wake.signal, this.#end.signal])).catch(() => undefined)
    signal.throwIfAborted()
  }

  async #open(): Promise<SshLink> {
    const { signal } = this.#end
    signal.throwIfAborted()
    try {
      const link = await this.open(signal)
      this.#link = link
      this.#failures = 0
      this.#failure = undefined
      log.info('ssh', 'connected', { name: link.name })
      link.onClosed((reason) => {
        log.info('ssh', 'connection ended', { name: link.name, reason })
        if (this.#link === link) this.#link = undefined
      })
      return link
    } catch (thrown) {
      const error =
        thrown instanceof AppError ? thrown : new AppError('bug', 'Login failed', { cause: thrown })
      this.#failure = { error, untilMs: performance.now() + this.#holdMs(error) }
      this.#failures++
      log.info('ssh', 'not connected', { code: error.code, failures: this.#failures })
      throw thrown
    }
  }

  #holdMs(error: AppError): number {
    if (isCode(error, 'ssh.unknown-host', 'ssh.needs-answer')) return Infinity
    if (isCode(error, 'tunnel.auth-failed')) return refusedMs
    return backoffMs(this.#failures, retry, () => Math.random() / 2)
  }
}
