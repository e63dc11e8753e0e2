/** A real engine, an agent as its neighbour, and the files of containers by both roads: for parts tests. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, inject, onTestFinished } from 'vitest'
import { connectAgent, type AgentClient } from '../../src/main/core/agent/agent-client'
import { childRoad } from '../../src/main/core/agent/road'
import { dialUnix } from '../../src/main/core/engine/dial'
import { connectEngine, type ConnectedEngine } from '../../src/main/core/engine/engine-client'
import { Files } from '../../src/main/core/files/file-handlers'
import type {
  EngineId,
  FileList,
  FilePlace,
  FileReadItem,
  FileUploadInput,
  TaskId,
} from '../../src/shared/model'
import { agentBinary } from '../agent/agent-binary'
import { busyboxImage } from '../engine/images'

export const { signal } = new AbortController()
export const id = 'local' as EngineId
export let engine: ConnectedEngine
export let agent: AgentClient
beforeAll(async () => {
  const path = inject('engineSocket')
  engine = await connectEngine({ ...{ id, dial: dialUnix(path), address: `unix://${path}`, signal } })
  agent = await connectAgent(await childRoad(agentBinary()).open(signal))
})
afterAll(() => {
  agent.close()
  engine.close()
})

/** Engines of before say a name that is no UTF-8 as another. */
export const canNameAnything = (): boolean => Number(engine.facts.apiVersion.split('.')[1]) >= 45

export const context = { signal, input: nothing() }
async function* nothing(): AsyncGenerator<never> {}

export interface Lab {
  readonly files: Files
  readonly calls: ReturnType<Files['handlers']>
}

export function lab(road: 'agent' | 'api', by: () => AgentClient = () => agent): Lab {
  const files = new Files({
    owner: 'file-lab',
    engineOf: () => engine,
    agentFor: (_, method) => (road === 'agent' && by().hello.features.includes(method) ? by() : undefined),
    startTask: (_, work) => {
      void work({ signal, progress: () => undefined }).catch(() => undefined)
      return 'task' as TaskId
    },
  })
  onTestFinished(() => files.close())
  return { files, calls: files.handlers() }
}

export const roads = ['agent', 'api'] as const

export interface Made {
  readonly place: FilePlace
  stop(): Promise<void>
  exec(script: string): Promise<string>
}

/** A container that has done what the script says, and sleeps. */
export async function container(script: string, more: object = {}): Promise<Made> {
  const { HostConfig, ...rest } = more as { HostConfig?: object }
  const body = {
    ...{ Image: busyboxImage, Cmd: ['sh', '-c', `${script}\ntouch /.ready; exec sleep 1000`], ...rest },
    HostConfig: { NetworkMode: 'none', ...HostConfig },
  }
  const { Id } = await engine.json<{ Id: string }>({ method: 'POST', path: '/containers/create', body })
  onTestFinished(async () => {
    await engine.json({ method: 'DELETE', path: `/containers/${Id}`, query: { force: true, v: true } })
  })
  await engine.json({ method: 'POST', path: `/containers/${Id}/start`, timeoutMs: 60_000 })
  const made: Made = {
    place: { engine: id, root: { kind: 'container', id: Id } },
    // A kill is answered before the process is gone.
    stop: async () => {
      await engine.json({ method: 'POST', path: `/containers/${Id}/kill`, timeoutMs: 60_000 })
      await engine.json({ method: 'POST', path: `/containers/${Id}/wait`, timeoutMs: 60_000 })
    },
    exec: async (command) => {
      const exec = { Cmd: ['sh', '-c', command], AttachStdout: true, AttachStderr: true, Tty: true }
      const started = await engine.json<{ Id: string }>({
        ...{ method: 'POST', path: `/containers/${Id}/exec`, body: exec },
      })
      const { stream } = await engine.hijack({
        ...{ method: 'POST', path: `/exec/${started.Id}/start`, body: { Tty: true } },
      })
      let said = ''
      for await (const piece of stream) said += String(piece)
      return said
    },
  }
  await expect.poll(() => made.exec('test -e /.ready && echo yes'), { timeout: 60_000 }).toContain('yes')
  return made
}

export const place = (made: { readonly place: FilePlace }, path: string) => ({ ...made.place, path })

export const list = async (on: Lab, made: { readonly place: FilePlace }, path: string): Promise<FileList> =>
  on.calls['files.list']({ ...place(made, path), limit: 20_000 }, signal)

export interface Read {
  readonly bytes: Buffer
  readonly version: string
  readonly road: string
}

export async function read(
  on: Lab,
  asked: ReturnType<typeof place> & { offset?: number; length?: number },
): Promise<Read> {
  const pieces: Uint8Array[] = []
  let head: Exclude<FileReadItem, Uint8Array> | undefined
  for await (const item of on.calls['files.read']({ offset: 0, ...asked }, context))
    if (item instanceof Uint8Array) pieces.push(Buffer.from(item))
    else head = item
  return { bytes: Buffer.concat(pieces), version: head?.version ?? '', road: head?.road ?? '' }
}

async function* going(...items: FileUploadInput[]): AsyncGenerator<FileUploadInput> {
  for (const item of items) yield await Promise.resolve(item)
}

export async function write(
  on: Lab,
  at: ReturnType<typeof place> & { readonly version?: string },
  text: string,
): Promise<string> {
  const input = going(Buffer.from(text), { kind: 'end' }) as never
  const args = { ...at, version: at.version }
  for await (const item of on.calls['files.write'](args, { signal, input })) return item.version
  throw new Error('nothing came')
}

export const upload = async (
  on: Lab,
  at: ReturnType<typeof place>,
  more: { readonly conflict: 'fail' | 'replace' | 'skip' | 'keep-both'; readonly items: FileUploadInput[] },
) => {
  const input = going(...more.items, { kind: 'end' }) as never
  const args = { ...at, conflict: more.conflict, name: 'some', totalBytes: undefined }
  for await (const item of on.calls['files.upload'](args, { signal, input })) return item
  throw new Error('nothing came')
}

export const sum = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
