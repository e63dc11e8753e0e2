import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startCore, type Core } from '../src/main/core/core'
import type { Client } from '../src/shared/contract'
import { createClient } from '../src/shared/contract/client'
import type { EngineId } from '../src/shared/model'
import { memoryRoad } from '../testing/transports/memory-transport'
import { busyboxImage, testImage } from '../testing/engine/images'
import { startTestEngine, type TestEngine } from '../testing/engine/start-engine'
import { ticksToSeconds, type Result } from './measure'
import { FarClient } from './far-client'

/** What every row stands on: one engine of its own, one core on it, and the `docker` command as the peer. */
export interface Lab {
  readonly engine: TestEngine
  readonly core: Core
  readonly client: Client
  /** The same core's, on a thread of its own. */
  readonly far: FarClient
  readonly id: EngineId
  readonly image: string
  /** Runs the CLI to its end and answers its stdout. */
  docker(...args: string[]): Promise<string>
  /** Starts the CLI and leaves it running. */
  dockerRunning(...args: string[]): ChildProcess
  /** One request over a kept connection, without any of our code: the floor of what a client can do. */
  raw(path: string, method?: string, body?: unknown): Promise<Buffer>
  /** CPU seconds of the engine and all its helpers so far. */
  engineCpu(): number
  /** The process of the agent beside the engine, once it runs. */
  agentPid(): Promise<number>
  /** Makes containers until there are `count`; they sleep or were never started. */
  fill(count: number, isRunning: boolean): Promise<void>
  close(): Promise<void>
}

/** What a row measures: the peer and ours in turn, in one run, at least five times each. */
export interface Row {
  readonly name: string
  readonly run: (lab: Lab) => Promise<Result[]>
  /** What it needs beside an engine and is not there, each with what to do about it. */
  readonly missing?: () => string[]
  /** Measured when it is named, and not with all: it tells of the machine, not of us. */
  readonly isByNameOnly?: boolean
}

/** One line when a program of a peer or of a row is not installed. */
export function missingProgram(name: string, mend: string): string[] {
  const isThere = (process.env['PATH'] ?? '').split(':').some((dir) => existsSync(join(dir, name)))
  return isThere ? [] : [`${name} is not installed. Run: ${mend}`]
}

const run = promisify(execFile)

export async function openLab(): Promise<Lab> {
  const [missing] = missingProgram('docker', 'apt-get install docker.io')
  if (missing !== undefined) throw new Error(missing)
  const engine = await startTestEngine()
  try {
    return await labOn(engine)
  } catch (error) {
    await engine.stop()
    throw error
  }
}

async function labOn(engine: TestEngine): Promise<Lab> {
  await testImage(engine.socket)
  const dataDir = mkdtempSync(join(tmpdir(), 'slb-'))
  const env = { ...process.env, DOCKER_HOST: engine.host, DOCKER_CONFIG: dataDir }
  const core = await startCore({ host: 'serve', dataDir, env })
  const road = memoryRoad()
  core.accept(road.core)
  const client = createClient(road.client)
  const far = new FarClient(core)
  const id = await runningEngine(client)
  const docker = async (...args: string[]): Promise<string> =>
    (await run('docker', args, { env, maxBuffer: 1 << 28 })).stdout
  const raw = rawCalls(engine.socket)
  const close = async (): Promise<void> => {
    client.close()
    await far.close()
    await core.close()
    await engine.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  let closing: Promise<void> | undefined
  return {
    engine,
    core,
    client,
    far,
    id,
    image: busyboxImage,
    docker,
    dockerRunning: (...args) => spawn('docker', args, { env, stdio: ['ignore', 'pipe', 'pipe'] }),
    raw,
    engineCpu: () => treeCpu(engine.pid),
    agentPid: () => agentPid(client, id),
    fill: (count, isRunning) => fill(raw, count, isRunning),
    close: () => (closing ??= close()),
  }
}

async function runningEngine(client: Client): Promise<EngineId> {
  for await (const item of client.stream('inventory.watch', {})) {
    if (item.kind !== 'snapshot' && item.kind !== 'engines') continue
    const running = item.engines.find((engine) => engine.state.kind === 'running')
    if (running) return running.id
  }
  throw new Error('The core ended before its engine ran')
}

async function agentPid(client: Client, engine: EngineId): Promise<number> {
  for await (const states of client.stream('agents.watch', {})) {
    const state = states.find((one) => one.engine === engine)?.state
    if (state?.kind === 'running') return (await client.call('agents.cost', { engine })).pid
    if (state?.kind === 'off') throw new Error(`No agent here: ${state.because}. Run: npm run agent:build`)
  }
  throw new Error('The core ended before its agent ran')
}

function rawCalls(socketPath: string): Lab['raw'] {
  return (path, method = 'GET', body) =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body)
      const headers =
        text === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
      const asked = request({ socketPath, path: `/v1.41${path}`, method, headers }, (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () => resolve(Buffer.concat(chunks)))
      })
      asked.on('error', reject)
      asked.end(text)
    })
}

async function fill(raw: Lab['raw'], count: number, isRunning: boolean): Promise<void> {
  const there = JSON.parse((await raw('/containers/json?all=1')).toString()) as unknown[]
  const body = {
    Image: busyboxImage,
    Cmd: ['sleep', '100000'],
    Labels: { 'com.docker.compose.project': 'bench' },
    HostConfig: { NetworkMode: 'none' },
  }
  const make = async (at: number): Promise<void> => {
    const answer = (await raw(`/containers/create?name=bench-${at}`, 'POST', body)).toString()
    const { Id: id } = JSON.parse(answer) as { Id?: string }
    if (id === undefined) throw new Error(answer)
    if (isRunning) await raw(`/containers/${id}/start`, 'POST')
  }
  for (let at = there.length; at < count; at += 4)
    await Promise.all(Array.from({ length: Math.min(4, count - at) }, (_, n) => make(at + n)))
}

/** A process and everything below it: dockerd's containerd and its shims are its children or were adopted by init. */
export function treeCpu(rootPid: number): number {
  const stats = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? statOf(Number(name)) : []))
  const members = new Set([rootPid])
  // Shims leave their parent: they are known by the engine's own name in their arguments.
  const mark = environmentOf(rootPid)
  for (let isGrowing = true; isGrowing;) {
    isGrowing = false
    for (const { pid, parent, args } of stats) {
      if (members.has(pid) || !(members.has(parent) || (mark !== '' && args.includes(mark)))) continue
      members.add(pid)
      isGrowing = true
    }
  }
  return stats.filter(({ pid }) => members.has(pid)).reduce((sum, { seconds }) => sum + seconds, 0)
}

/** The engine's exec root stands in the arguments of each of its helpers. */
function environmentOf(pid: number): string {
  const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  const at = args.findIndex((arg) => arg.startsWith('--exec-root'))
  return at < 0 ? '' : (args[at]?.split('=')[1] ?? args[at + 1] ?? '')
}

function statOf(pid: number): { pid: number; parent: number; seconds: number; args: string }[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    return [
      { pid, parent, seconds: ticksToSeconds(stat), args: readFileSync(`/proc/${pid}/cmdline`, 'utf8') },
    ]
  } catch {
    // It ended between the listing and the reading.
    return []
  }
}

/**
 * Seconds of CPU that a process has used so far, to the hundredth. With those of its threads that have ended: QEMU's
 * come and go, and a sum over those that are there now goes down when one leaves.
 */
export const busySeconds = (pid: number): number => ticksToSeconds(readFileSync(`/proc/${pid}/stat`, 'utf8'))
