import { spawn, type ChildProcess } from 'node:child_process'
import { Duplex, type Readable, type Writable } from 'node:stream'
import type { AgentObstacle, AgentRoadKind } from '../../../shared/model'
import { log } from '../platform/log'
import { waitFor } from '../platform/wait-for'
import { connectAgent } from './agent-client'

/**
 * One way to an agent. Destroying the stream that `open` gave ends the agent where it was started for us; a child's
 * stream is closed only when the child has gone. `open` throws a RuledOut where no later try would end otherwise.
 */
export interface AgentRoad {
  readonly kind: AgentRoadKind
  open(signal: AbortSignal): Promise<Duplex>
}

/** There can be no agent on this engine, however often it is tried. */
export class RuledOut extends Error {
  constructor(readonly why: AgentObstacle) {
    super(`The engine rules an agent out: ${why}`)
  }
}

/** The program for one architecture, and the hash of what it was built from. */
export interface AgentBinary {
  readonly path: string
  readonly version: string
}

/** Somewhat longer than the agent itself waits for what it has begun. */
const endsWithinMs = 3_000

/** Core runs as root on the engine's host: the agent is its child and reads what core could read. */
export const childRoad = (binary: AgentBinary): AgentRoad => ({
  kind: 'child',
  open: () =>
    new Promise((resolve, reject) => {
      const child = spawn(binary.path, [], { stdio: ['pipe', 'pipe', 'pipe'] })
      logLines(child.stderr)
      child.once('error', reject)
      child.once('spawn', () => {
        const road = new JoinedRoad(child.stdout, child.stdin, (isGone) => whenGone(child, isGone))
        child.once('exit', () => road.destroy())
        resolve(road)
      })
    }),
})

/**
 * Waits for the agent's end. Its standard input has ended with the road, and that ends it: it takes back what it has
 * begun first, the drafts of uploads among people's files. A stuck one must not outlive us either.
 */
function whenGone(child: ChildProcess, isGone: () => void): void {
  if (child.exitCode !== null || child.signalCode !== null) return isGone()
  const late = setTimeout(() => {
    child.kill('SIGKILL')
    // Its death may have to wait for a disk that does not answer: nobody else has to.
    isGone()
  }, endsWithinMs)
  child.once('exit', () => {
    clearTimeout(late)
    isGone()
  })
}

/**
 * Two streams as one. A key's echo goes through it twice: what comes is handed on as it comes, without a queue. It is
 * closed when whoever is at its end has gone.
 */
class JoinedRoad extends Duplex {
  constructor(
    private readonly from: Readable,
    private readonly to: Writable,
    private readonly whenGone: (isGone: () => void) => void,
  ) {
    super()
    from.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) from.pause()
    })
    from.on('end', () => this.push(null))
    from.on('close', () => this.destroy())
    for (const half of [from, to]) half.on('error', (error) => this.destroy(error))
  }

  override _read(): void {
    this.from.resume()
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.to.write(chunk, done)
  }

  override _final(done: () => void): void {
    this.to.end(done)
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.from.destroy()
    this.to.destroy()
    this.whenGone(() => done(error))
  }
}

export interface MachineAgent {
  readonly dial: (signal: AbortSignal) => Promise<Duplex>
  /** The program that this core was built with, when it has one for the machine. */
  readonly wanted?: AgentBinary
  /** Puts that program in the place of the machine's own, which ends. */
  readonly replace: (program: AgentBinary, signal: AbortSignal) => Promise<void>
}

/** The service is started again within a second or two; an emulated machine on a busy host takes longer. */
const replacedWithinMs = 30_000

/**
 * A service in our own machine, behind a socket that only root of the machine may open. A machine may be older
 * than this core, as one that slept through an update: then core's own agent takes its agent's place.
 */
export const machineRoad = (machine: MachineAgent): AgentRoad => ({
  kind: 'machine',
  open: async (signal) => {
    const { wanted, dial } = machine
    if (wanted && (await versionThere(machine, signal)) !== wanted.version) {
      log.info('agent', 'the machine gets this version', { version: wanted.version })
      await machine.replace(wanted, signal)
      const isNew = async (): Promise<boolean> => (await versionThere(machine, signal)) === wanted.version
      await waitFor(isNew, {
        ...{ signal, timeoutMs: replacedWithinMs, everyMs: 300, what: 'the new agent' },
      })
    }
    return dial(signal)
  },
})

/** What runs there now; `undefined` when nothing answers, or in another protocol. */
async function versionThere({ dial }: MachineAgent, signal: AbortSignal): Promise<string | undefined> {
  try {
    const client = await connectAgent(await dial(signal), signal)
    client.close()
    return client.hello.version
  } catch (error) {
    signal.throwIfAborted()
    log.debug('agent', 'no agent of ours answered', { error })
    return undefined
  }
}

/** What the agent has to say besides frames: a bug of its own, a client that it let go. */
export function logLines(stream: Readable): void {
  stream.setEncoding('utf8')
  let rest = ''
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = (lines.pop() ?? '').slice(-4096)
    for (const line of lines) log.warn('agent', line.slice(0, 2000))
  })
  stream.on('error', () => undefined)
}
