/** A small engine for what a real one cannot show: 10,000 containers, hostile names, floods of events. */
import { createServer, type Server, type ServerResponse } from 'node:http'
import { rm } from 'node:fs/promises'
import type { Socket } from 'node:net'

export type FakeObject = Readonly<Record<string, unknown>>

/** What it holds, in the engine's own JSON of list rows. Change it, then `emit` the event that says so. */
export interface FakeHoldings {
  containers: FakeObject[]
  images: FakeObject[]
  volumes: FakeObject[]
  networks: FakeObject[]
}

export interface FakeEngineOptions {
  readonly apiVersion?: string
  readonly minApiVersion?: string
  readonly version?: FakeObject
  readonly info?: FakeObject
}

export class FakeEngine {
  readonly holdings: FakeHoldings = { containers: [], images: [], volumes: [], networks: [] }
  /** `GET /containers/json?…` without the version, in order. */
  readonly requests: string[] = []
  readonly #options: FakeEngineOptions
  readonly #sockets = new Set<Socket>()
  readonly #listeners = new Set<ServerResponse>()
  #server: Server | undefined

  constructor(
    readonly socketPath: string,
    options: FakeEngineOptions = {},
  ) {
    this.#options = options
  }

  async start(): Promise<void> {
    await rm(this.socketPath, { force: true })
    const server = createServer((incoming, outgoing) => {
      const url = new URL(incoming.url ?? '/', 'http://engine')
      const path = url.pathname.replace(/^\/v\d+\.\d+(?=\/)/, '')
      this.requests.push(`${incoming.method} ${path}${url.search}`)
      this.#answer(path, url.searchParams, outgoing)
    })
    server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
    this.#server = server
    await new Promise<void>((resolve) => server.listen(this.socketPath, resolve))
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    const server = this.#server
    if (server) await new Promise((resolve) => server.close(resolve))
    await rm(this.socketPath, { force: true })
  }

  /** How many `/events` are being read. */
  get listeners(): number {
    return this.#listeners.size
  }

  /** Tells all listeners; fields in the engine's own words. Answers false when a reader is not keeping up. */
  emit(...events: FakeObject[]): boolean {
    const text = events.map((event) => `${JSON.stringify(event)}\n`).join('')
    return [...this.#listeners].every((listener) => listener.write(text))
  }

  /** Bytes that the readers of events have not taken. */
  get unreadBytes(): number {
    return [...this.#listeners].reduce((sum, listener) => sum + (listener.socket?.writableLength ?? 0), 0)
  }

  #answer(path: string, query: URLSearchParams, outgoing: ServerResponse): void {
    const { apiVersion = '1.41' } = this.#options
    outgoing.setHeader('Api-Version', apiVersion)
    if (path === '/_ping') return void outgoing.end('OK')
    if (path === '/events') return this.#listen(outgoing)
    const answer = this.#identity(path) ?? this.#list(path, query) ?? this.#inspect(path)
    outgoing.setHeader('Content-Type', 'application/json')
    if (answer === undefined) outgoing.statusCode = 404
    outgoing.end(JSON.stringify(answer ?? { message: `No such object: ${path}` }))
  }

  #listen(outgoing: ServerResponse): void {
    outgoing.writeHead(200, { 'content-type': 'application/json' })
    outgoing.flushHeaders()
    this.#listeners.add(outgoing)
    outgoing.once('close', () => this.#listeners.delete(outgoing))
  }

  #identity(path: string): unknown {
    const { apiVersion = '1.41', minApiVersion = '1.12' } = this.#options
    const version = { Version: '20.10.24', ApiVersion: apiVersion, MinAPIVersion: minApiVersion }
    if (path === '/version') return { ...version, ...this.#options.version }
    if (path !== '/info') return undefined
    return { Name: 'fake', NCPU: 2, SystemTime: new Date().toISOString(), ...this.#options.info }
  }

  #list(path: string, query: URLSearchParams): unknown {
    const { containers, images, volumes, networks } = this.holdings
    if (path === '/images/json') return images
    if (path === '/volumes') return { Volumes: volumes, Warnings: null }
    if (path === '/networks') return networks
    if (path !== '/containers/json') return undefined
    const filters = JSON.parse(query.get('filters') ?? '{}') as { id?: string[] }
    const ids = filters.id && new Set(filters.id)
    return ids ? containers.filter((row) => ids.has(String(row['Id']))) : containers
  }

  #inspect(path: string): unknown {
    const [, noun, name = ''] = /^\/(images|volumes|networks)\/([^/]+)(?:\/json)?$/.exec(path) ?? []
    const wanted = decodeURIComponent(name)
    if (noun === 'volumes') return this.holdings.volumes.find((row) => row['Name'] === wanted)
    if (noun === 'networks') return this.holdings.networks.find((row) => row['Id'] === wanted)
    if (noun !== 'images') return undefined
    const isWanted = (row: FakeObject): boolean =>
      row['Id'] === wanted || (Array.isArray(row['RepoTags']) && row['RepoTags'].includes(wanted))
    return this.holdings.images.find(isWanted)
  }
}

/** One row of a container list, as an engine gives it. */
export function fakeContainer(index: number, more: FakeObject = {}): FakeObject {
  return {
    Id: index.toString(16).padStart(64, '0'),
    Names: [`/container-${index}`],
    Image: 'busybox:latest',
    ImageID: `sha256:${'a'.repeat(64)}`,
    Command: 'sleep 1000',
    Created: 1_700_000_000 + index,
    Ports: [],
    Labels: {},
    State: 'running',
    Status: 'Up 5 minutes',
    NetworkSettings: { Networks: { bridge: { IPAddress: '172.17.0.2' } } },
    Mounts: [],
    ...more,
  }
}

/** One engine event about a container. */
export const fakeEvent = (id: string, action: string, attributes: FakeObject = {}): FakeObject => ({
  Type: 'container',
  Action: action,
  Actor: { ID: id, Attributes: attributes },
  time: Math.floor(Date.now() / 1000),
  timeNano: Date.now() * 1e6,
})
