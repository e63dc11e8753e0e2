import type { Duplex } from 'node:stream'
import { Answers } from './answers'
import { planHops, type SshAddress } from './host-plan'
import type { OpenedKeys } from './key-ring'
import { loginThrough } from './login'
import { RemoteHost } from './remote-host'
import { hostNames, readConfig } from './ssh-config'
import type { SshLink, SshTools } from './ssh-tools'

export interface RemotesDeps {
  readonly tools: SshTools
  readonly home: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where the system's config is; `/etc/ssh` unless told. */
  readonly systemDir?: string
}

/** A person who has tested an address adds it within minutes, and is not asked for a code twice. */
const lingerMs = 3 * 60_000

/** All hosts that are reached by SSH, one for each address: what is asked and what is added share the connection. */
export class Remotes {
  readonly #hosts = new Map<string, RemoteHost>()
  readonly #answers = new Answers()
  readonly #opened: OpenedKeys = new Map()
  readonly #lingering = new Map<string, NodeJS.Timeout>()
  #wanted: ReadonlySet<string> = new Set()

  constructor(private readonly deps: RemotesDeps) {}

  /** The way to the engine of a host. Questions of its login are thrown, see `answer`. */
  dialOf(address: SshAddress): (signal: AbortSignal, lane?: 'bulk') => Promise<Duplex> {
    return (signal, lane) => this.host(address).dial(signal, lane)
  }

  host(address: SshAddress): RemoteHost {
    const key = keyOf(address)
    const known = this.#hosts.get(key)
    if (known) return known
    const host = new RemoteHost((signal) => this.#login(address, signal))
    this.#hosts.set(key, host)
    return host
  }

  /** What the person said to a question that a login failed with. All logins that wait are tried again. */
  answer(question: string, answer: string): void {
    this.#answers.give(question, answer)
    this.retry()
  }

  /** Nothing is held back any more: the person wants to know now. */
  retry(): void {
    for (const host of this.#hosts.values()) host.retry()
  }

  /** The names in the person's config, for completion. */
  async names(): Promise<string[]> {
    return hostNames(await readConfig(this.deps.home, this.deps.systemDir))
  }

  /** Hosts of engines; one that is no longer among them is let go. */
  keepOnly(addresses: readonly SshAddress[]): void {
    const before = this.#wanted
    this.#wanted = new Set(addresses.map(keyOf))
    for (const key of before) if (!this.#wanted.has(key)) this.#drop(key)
  }

  /** The way to a host that is only asked who it is: let go after a while, unless an engine was made of it. */
  dialToAsk(address: SshAddress): ReturnType<Remotes['dialOf']> {
    const key = keyOf(address)
    const dial = this.dialOf(address)
    return (signal, lane) => {
      clearTimeout(this.#lingering.get(key))
      const timer = setTimeout(() => {
        if (!this.#wanted.has(key)) this.#drop(key)
      }, lingerMs)
      timer.unref()
      this.#lingering.set(key, timer)
      return dial(signal, lane)
    }
  }

  #drop(key: string): void {
    clearTimeout(this.#lingering.get(key))
    this.#lingering.delete(key)
    this.#hosts.get(key)?.close()
    this.#hosts.delete(key)
  }

  close(): void {
    for (const key of [...this.#hosts.keys()]) this.#drop(key)
  }

  /** The config is read at each login: what was changed in it counts without a restart. */
  async #login(address: SshAddress, signal: AbortSignal): Promise<SshLink> {
    const { tools, home, env, systemDir } = this.deps
    const files = await readConfig(home, systemDir)
    const hops = planHops(address, { files, home, env })
    return loginThrough(hops, { tools, env, answers: this.#answers, opened: this.#opened }, signal)
  }
}

const keyOf = ({ host, user, port, identityFile }: SshAddress): string =>
  JSON.stringify([host, user, port, identityFile])
