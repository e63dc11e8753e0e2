import { expect } from 'vitest'
import type { AgentFor } from '../../src/main/core/agent/agents'
import { dialUnix } from '../../src/main/core/engine/dial'
import { pathPart, type EngineClient } from '../../src/main/core/engine/engine'
import { connectEngine } from '../../src/main/core/engine/engine-client'
import { createTerminals, type Terminals } from '../../src/main/core/terminal/terminal'
import type {
  EngineId,
  SessionId,
  TerminalInput,
  TerminalItem,
  TerminalReplay,
  TerminalSession,
} from '../../src/shared/model'
import { noInput } from '../services/no-input'

export const local = 'local' as EngineId
export const live = new AbortController().signal
const size = { cols: 80, rows: 24 }

export const connect = (socket: string): Promise<EngineClient> =>
  connectEngine({ id: local, dial: dialUnix(socket), address: `unix://${socket}`, signal: live })

export interface Opening {
  readonly container?: string
  readonly shell?: string
  readonly user?: string
  readonly cols?: number
  readonly rows?: number
}

/** Terminals over one engine, with a container to open them in. */
export class TerminalLab {
  readonly terminals: Terminals
  readonly #views: View[] = []

  constructor(
    readonly engine: EngineClient,
    readonly container: string,
    agentFor?: AgentFor,
  ) {
    this.terminals = createTerminals({
      engineOf: () => engine,
      ...(agentFor && { agentFor }),
      dockerEnvOf: () => ({ DOCKER_HOST: 'unix:///run/slipway-test.sock' }),
      shellOf: () => Promise.reject(new Error('this lab has no machine')),
    })
  }

  async open(opening: Opening = {}, signal = live): Promise<TerminalSession> {
    const asked = { container: this.container, shell: '', user: '', ...size, ...opening }
    const args = { kind: 'container' as const, engine: local, ...asked }
    return (await this.terminals.handlers['terminal.open'](args, signal)).session
  }

  async openHost(shell = '/bin/sh'): Promise<TerminalSession> {
    const args = { kind: 'host' as const, engine: local, shell, ...size }
    return (await this.terminals.handlers['terminal.open'](args, live)).session
  }

  attach(session: SessionId): View {
    const view = new View(this.terminals, session)
    this.#views.push(view)
    return view
  }

  async close(session: SessionId): Promise<void> {
    await this.terminals.handlers['terminal.close']({ session }, live)
  }

  async listed(): Promise<TerminalSession[]> {
    const watch = this.terminals.handlers['terminal.watch']({}, { signal: live, input: noInput() })
    for await (const { sessions } of watch) return sessions
    return []
  }

  /** Command lines of what runs in the container. */
  async processes(): Promise<string[]> {
    const top = await this.engine.json<{ Processes: string[][] }>({
      path: `/containers/${this.container}/top`,
      query: { ps_args: '-eo pid,args' },
    })
    return top.Processes.map((row) => row[1] ?? '')
  }

  async shellsInside(): Promise<number> {
    return (await this.processes()).filter((args) => args === 'ash').length
  }

  async end(): Promise<void> {
    for (const view of this.#views) view.detach()
    await this.terminals.closeAll()
  }
}

export async function startContainer(
  engine: EngineClient,
  image: string,
  command?: string[],
): Promise<string> {
  const body = { Image: image, ...(command && { Cmd: command }), HostConfig: { NetworkMode: 'none' } }
  const made = await engine.json<{ Id: string }>({ method: 'POST', path: '/containers/create', body })
  await engine.json({ method: 'POST', path: `/containers/${made.Id}/start` })
  return made.Id
}

export const removeContainer = (engine: EngineClient, id: string): Promise<unknown> =>
  engine.json({ method: 'DELETE', path: `/containers/${pathPart(id)}`, query: { force: true } })

/** An attached client: what it got, and a way to type. */
export class View {
  readonly items: TerminalItem[] = []
  readonly done: Promise<void>
  readonly #abort = new AbortController()
  readonly #typed: TerminalInput[] = []
  #wake = (): void => undefined
  isSlow = false
  #go = (): void => undefined

  constructor(terminals: Terminals, session: SessionId) {
    const items = terminals.handlers['terminal.attach'](
      { session },
      { signal: this.#abort.signal, input: this.#input() },
    )
    this.done = this.#read(items)
  }

  async #read(items: AsyncIterable<TerminalItem>): Promise<void> {
    for await (const item of items) {
      this.items.push(item)
      if (this.isSlow) await new Promise<void>((resolve) => (this.#go = resolve))
    }
  }

  async *#input(): AsyncGenerator<TerminalInput> {
    while (!this.#abort.signal.aborted) {
      const next = this.#typed.shift()
      if (next) yield next
      else await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  type(input: string | TerminalInput): void {
    this.#typed.push(typeof input === 'string' ? Buffer.from(input) : input)
    this.#wake()
  }

  next(): void {
    this.#go()
  }

  detach(): void {
    this.#abort.abort()
    this.isSlow = false
    this.#wake()
    this.#go()
  }

  get bytes(): Buffer {
    return Buffer.concat(this.items.filter((item) => item instanceof Uint8Array))
  }
  get text(): string {
    return this.bytes.toString('utf8')
  }
  get replays(): TerminalReplay[] {
    return this.items.filter((item): item is TerminalReplay => 'kind' in item && item.kind === 'replay')
  }
  get end(): TerminalItem | undefined {
    return this.items.find((item) => 'kind' in item && item.kind === 'ended')
  }
  async shows(text: string | RegExp): Promise<void> {
    await expect.poll(() => this.text, { timeout: 30_000 }).toMatch(text)
  }
}
