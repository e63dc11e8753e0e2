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

/** All hosts that are reached by SSH, one for each address: what is asked and what is added share the connection. */
export class Remotes {
  readonly #hosts = new Map<string, RemoteHost>()
  readonly #answers = new Answers()
  readonly #opened: OpenedKeys = new Map()

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

  /** Lets go of hosts that no engine is at any more. */
  keepOnly(addresses: readonly SshAddress[]): void {
    const wanted = new Set(addresses.map(keyOf))
    for (const [key, host] of this.#hosts) {
      if (wanted.has(key)) continue
      host.close()
      this.#hosts.delete(key)
    }
  }

  close(): void {
    for (const host of this.#hosts.values()) host.close()
    this.#hosts.clear()
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
