import { AppError, type WireError } from '../../../shared/errors'
import type { HostPort } from '../../../shared/model'
import { log } from '../platform/log'
import { pause } from '../platform/wait-for'
import type { Forward, PortLink, PortsDeps } from './port-link'
import { portProblem } from './port-problem'
import { listenTcp } from './tcp-listener'
import { keyOf, type WantedPort, wantedPorts } from './wanted-ports'

/** A port that somebody holds is asked for again: it is given free without a word to us. */
const retryMs = 3_000
const callMs = 10_000
/** Ports that are opened at once. */
const width = 8

interface OpenPort {
  readonly wanted: WantedPort
  readonly road: HostPort['road']
  readonly close?: () => Promise<void>
  readonly error?: WireError
}

/** The published ports of one machine, over one link. */
export class MachinePorts {
  readonly #open = new Map<string, OpenPort>()
  #isStale = false
  #running: Promise<void> | undefined
  #isEnded = false

  constructor(
    private readonly link: PortLink,
    private readonly deps: PortsDeps,
  ) {}

  /** Takes up forwards that an earlier link or core left, then opens what is wanted. */
  async begin(): Promise<void> {
    const undo = this.deps.onContainers(this.link.id, () => void this.sync())
    this.link.signal.addEventListener('abort', () => {
      undo()
      void this.#closeListeners()
    })
    await this.#takeUp()
    await this.sync()
  }

  /** Makes the host's listeners those that the containers publish. Calls while it runs are joined to one more run. */
  sync(): Promise<void> {
    this.#isStale = true
    this.#running ??= this.#run().finally(() => (this.#running = undefined))
    return this.#running
  }

  /** Closes all, also the hypervisor's forwards. */
  async end(): Promise<void> {
    this.#isEnded = true
    await this.#running
    await each([...this.#open.keys()], (key) => this.#close(key))
    this.#tell()
  }

  async #run(): Promise<void> {
    while (this.#isStale && !this.#isEnded && !this.link.signal.aborted) {
      this.#isStale = false
      await this.#reconcile()
    }
  }

  async #reconcile(): Promise<void> {
    const { link, deps } = this
    const wanted = wantedPorts(deps.containersOf(link.id), link.settings())
    const gone = [...this.#open].filter(([key, { wanted: old }]) => !isSame(old, wanted.get(key)))
    await each(gone, ([key]) => this.#close(key))
    // What failed is tried again with each change.
    const missing = [...wanted].filter(([key]) => this.#open.get(key)?.error || !this.#open.has(key))
    await each(missing, async ([key, port]) => {
      if (link.signal.aborted || this.#isEnded) return
      this.#open.set(key, await this.#openPort(port))
    })
    this.#tell()
    if ([...this.#open.values()].some(({ error }) => error?.code === 'port.in-use')) void this.#later()
  }

  async #openPort(wanted: WantedPort): Promise<OpenPort> {
    const { link } = this
    const road = roadOf(wanted, link.forwards !== undefined)
    if (!road) {
      const { port, protocol } = wanted
      const facts = { port, protocol }
      const error = new AppError('port.unsupported', `No way for ${protocol} port ${port}`, { facts })
      return { wanted, road: 'ssh', error: { code: error.code, message: error.message, facts } }
    }
    try {
      if (road === 'ssh') {
        const close = await listenTcp(wanted, link.guest.dialTcp.bind(link.guest), link.signal)
        if (link.signal.aborted) await close()
        return { wanted, road, close }
      }
      await link.forwards?.add(ruleOf(wanted), this.#deadline())
      return { wanted, road }
    } catch (error) {
      const problem = await portProblem(error, wanted, this.deps.holderOf)
      if (!link.signal.aborted)
        log.warn('ports', 'a port was not opened', { port: wanted.port, code: problem.code })
      return { wanted, road, error: problem }
    }
  }

  async #close(key: string): Promise<void> {
    const port = this.#open.get(key)
    this.#open.delete(key)
    if (!port || port.error) return
    try {
      if (port.close) await port.close()
      else await this.link.forwards?.remove(ruleOf(port.wanted), this.#deadline())
    } catch (error) {
      if (!this.link.signal.aborted)
        log.warn('ports', 'a port was not closed', { port: port.wanted.port, error: String(error) })
    }
  }

  /** The link is gone: its channels are, too. The hypervisor's forwards go on, and the next link takes them up. */
  async #closeListeners(): Promise<void> {
    const closers = [...this.#open.values()].flatMap(({ close }) => (close ? [close] : []))
    await each(closers, (close) => close())
  }

  async #takeUp(): Promise<void> {
    const { forwards, id, settings } = this.link
    const left = (await forwards?.list?.(this.#deadline())) ?? []
    const wanted = wantedPorts(this.deps.containersOf(id), settings())
    for (const rule of left) {
      const port = wanted.get(keyOf(rule))
      const isRight = port && roadOf(port, true) === 'hostfwd' && port.guest.port === rule.guestPort
      if (isRight) this.#open.set(keyOf(rule), { wanted: port, road: 'hostfwd' })
      else await forwards?.remove(rule, this.#deadline())
    }
  }

  async #later(): Promise<void> {
    await pause(retryMs, this.link.signal).catch(() => undefined)
    if (!this.link.signal.aborted && !this.#isEnded) await this.sync()
  }

  #deadline(): AbortSignal {
    return AbortSignal.timeout(callMs)
  }

  #tell(): void {
    if (this.link.signal.aborted) return
    const ports = [...this.#open.values()].map(({ wanted, road, error }): HostPort => {
      const { protocol, address, port, container } = wanted
      return { protocol, address, port, container, road, ...(error && { error }) }
    })
    const reasons = ports.flatMap(({ port, error }) =>
      error ? [{ kind: 'port-failed' as const, port, error }] : [],
    )
    this.link.tell({ ports, reasons })
  }
}

const ruleOf = ({ protocol, address, port, guest }: WantedPort): Forward => ({
  protocol,
  address,
  port,
  guestPort: guest.port,
})

const isSame = (old: WantedPort, now: WantedPort | undefined): boolean =>
  now !== undefined && old.guest.host === now.guest.host && old.container === now.container

/**
 * The hypervisor's own forward where there is one: it is faster (docs/decisions) and outlives the tunnel. It leads to
 * the machine's own IPv4 address only, so what listens on loopback inside, or on IPv6, goes through the tunnel.
 */
export function roadOf(wanted: WantedPort, hasForwards: boolean): HostPort['road'] | undefined {
  if (hasForwards && wanted.guest.isOnEveryAddress) return 'hostfwd'
  return wanted.protocol === 'tcp' ? 'ssh' : undefined
}

/** Runs for all, a few at once, in order of coming. */
async function each<T>(all: readonly T[], run: (one: T) => Promise<void>): Promise<void> {
  const left = [...all]
  const worker = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await run(one)
  }
  await Promise.all(Array.from({ length: width }, worker))
}
