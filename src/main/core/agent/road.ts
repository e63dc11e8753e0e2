import { spawn } from 'node:child_process'
import { Duplex, type Readable } from 'node:stream'
import type { AgentRoadKind } from '../../../shared/model'
import { log } from '../platform/log'

/** One way to an agent. Closing the stream that `open` gave ends the agent where it was started for us. */
export interface AgentRoad {
  readonly kind: AgentRoadKind
  open(signal: AbortSignal): Promise<Duplex>
}

/** The program for one architecture, and the hash of what it was built from. */
export interface AgentBinary {
  readonly path: string
  readonly version: string
}

/** Core runs as root on the engine's host: the agent is its child and reads what core could read. */
export const childRoad = (binary: AgentBinary): AgentRoad => ({
  kind: 'child',
  open: () =>
    new Promise((resolve, reject) => {
      const child = spawn(binary.path, [], { stdio: ['pipe', 'pipe', 'pipe'] })
      logLines(child.stderr)
      child.once('error', reject)
      child.once('spawn', () => {
        const road = Duplex.from({ readable: child.stdout, writable: child.stdin })
        // Its standard input ends with the road, and that ends it; a stuck one must not outlive us either.
        road.once('close', () => child.kill('SIGKILL'))
        child.once('exit', () => road.destroy())
        resolve(road)
      })
    }),
})

/** A service in our own machine, behind a socket that only root of the machine may open. */
export const machineRoad = (dial: (signal: AbortSignal) => Promise<Duplex>): AgentRoad => ({
  kind: 'machine',
  open: dial,
})

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
