/** The archive calls of the Engine API, for one root: `GET`, `HEAD` and `PUT /containers/{id}/archive`. */
import { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import type { FileKind, FilePath } from '../../../shared/model'
import { AppError, isCode } from '../../../shared/errors'
import { pathPart, type EngineClient } from '../engine/engine'
import type { TarHeader } from '../platform/tar/tar-header'
import { isText, nameOf, needsAgent, notThere, pathQuery, plainPath, refused } from './file-name'
import { tarEntries } from './tar-entries'

/** The engine mounts the files first. */
const headTimeoutMs = 60_000

/** What `X-Docker-Container-Path-Stat` tells. */
export interface PathStat {
  readonly sizeBytes: number
  /** Seconds and nine digits: the tar has whole seconds only. */
  readonly mtime: string
  /** Go's mode bits say so. */
  readonly kind: FileKind
  /** Resolved wholly, inside the root. */
  readonly linkTarget?: FilePath
}

export interface Opened {
  readonly stat: PathStat | undefined
  readonly body: Readable
}

/** A container whose archive is asked, and where in it the root lies: empty, or the mount of a volume. */
export class Archive {
  constructor(
    readonly engine: EngineClient,
    private readonly container: string,
    private readonly prefix: string,
  ) {}

  /** Throws `object.not-found` and `request.invalid` with the path. The caller destroys the body. */
  async get(path: FilePath, signal: AbortSignal): Promise<Opened> {
    const body = await this.#ask('GET', path, signal)
    return { body, stat: this.#statOf(body) }
  }

  async head(path: FilePath, signal: AbortSignal): Promise<PathStat> {
    const body = await this.#ask('HEAD', path, signal)
    body.resume()
    const stat = this.#statOf(body)
    if (!stat) throw new AppError('engine.bad-answer', 'The engine told nothing of the path')
    return stat
  }

  /** As `head`; `undefined` when nothing is there. */
  async look(path: FilePath, signal: AbortSignal): Promise<PathStat | undefined> {
    try {
      return await this.head(path, signal)
    } catch (error) {
      if (isCode(error, 'object.not-found')) return undefined
      throw error
    }
  }

  /** The first head of the path's tar: who owns it. */
  async first(
    path: FilePath,
    signal: AbortSignal,
  ): Promise<{ header: TarHeader; stat: PathStat | undefined }> {
    const { body, stat } = await this.get(path, signal)
    for await (const { header } of tarEntries(body)) return { header: kept(header), stat }
    throw nothingIn(path)
  }

  /** Unpacks a tar into a folder. It never puts a file in a folder's place, or the other way round. */
  async put(folder: FilePath, tar: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
    try {
      const path = `${this.#path(folder)}&noOverwriteDirNonDir=1`
      const answer = await this.engine.stream({ method: 'PUT', path, upload: tar, headTimeoutMs, signal })
      for await (const piece of answer as AsyncIterable<Uint8Array>) void piece
    } catch (error) {
      throw this.#told(error, folder)
    }
  }

  /** Links on the way and the last one resolved, inside the root. Throws `object.not-found`. */
  async resolve(path: FilePath, signal: AbortSignal): Promise<FilePath> {
    let at = '/'
    for (const part of plainPath(path).split('/')) {
      if (part === '') continue
      const next = at === '/' ? `/${part}` : `${at}/${part}`
      const { kind, linkTarget } = await this.head(next, signal)
      if (kind === 'link' && linkTarget === undefined) throw notThere(path)
      at = linkTarget ?? next
    }
    return at
  }

  #path(path: FilePath): string {
    return `/containers/${pathPart(this.container)}/archive?path=${pathQuery(this.prefix + path)}`
  }

  async #ask(method: 'GET' | 'HEAD', path: FilePath, signal: AbortSignal): Promise<Readable> {
    try {
      const isBulk = method === 'GET'
      return await this.engine.stream({ method, path: this.#path(path), headTimeoutMs, isBulk, signal })
    } catch (error) {
      throw this.#told(error, path)
    }
  }

  /** The engine's own words, by what they mean. Source: moby, daemon/archive.go and container/archive.go. */
  #told(error: unknown, path: FilePath): unknown {
    if (!(error instanceof AppError)) return error
    const detail = typeof error.facts.detail === 'string' ? error.facts.detail : ''
    // A refusal of HEAD has no words.
    if (/^HTTP [45]\d\d$/.test(detail)) return notThere(path)
    if (/not a directory|extraction point is not/i.test(detail)) return refused('not-a-folder', path)
    if (/read-only|rootfs is marked read-only/i.test(detail)) return refused('read-only', path)
    if (/cannot overwrite|file exists/i.test(detail))
      return new AppError('object.conflict', 'The name is taken', { facts: { reason: 'taken', path } })
    if (/file name too long/i.test(detail)) return refused('too-long', path)
    if (/too many levels of symbolic links/i.test(detail)) return notThere(path)
    if (error.code === 'object.not-found' && !/no such container:/i.test(detail)) return notThere(path)
    return error
  }

  #statOf(body: Readable): PathStat | undefined {
    const text = body instanceof IncomingMessage ? body.headers['x-docker-container-path-stat'] : undefined
    if (typeof text !== 'string') return undefined
    const said = JSON.parse(Buffer.from(text, 'base64').toString()) as {
      size?: number
      mode?: number
      mtime?: string
      linkTarget?: string
    }
    const target = this.#inside(said.linkTarget ?? '')
    return {
      sizeBytes: said.size ?? 0,
      mtime: nanos(said.mtime ?? ''),
      kind: kindOfMode(said.mode ?? 0),
      ...(target !== undefined && { linkTarget: target }),
    }
  }

  #inside(target: string): FilePath | undefined {
    if (target === '' || (target !== this.prefix && !target.startsWith(`${this.prefix}/`))) return undefined
    return nameOf(Buffer.from(target.slice(this.prefix.length))).name || '/'
  }
}

/** Names lie in the block that was read: they are good until the next one is. */
const kept = (header: TarHeader): TarHeader => ({
  ...header,
  ...{ name: Buffer.from(header.name), link: Buffer.from(header.link) },
})

/** The engine packs nothing at all for a path whose bytes are no text. */
export const nothingIn = (path: FilePath): AppError => (isText(path) ? notThere(path) : needsAgent())

/** `2026-11-21T11:12:01.515214286Z` as seconds and nine digits. */
function nanos(time: string): string {
  const fraction = /\.(\d+)/.exec(time)?.[1] ?? ''
  const seconds = Math.floor(Date.parse(time.replace(/\.\d+/, '')) / 1000)
  return `${seconds}.${fraction.padEnd(9, '0').slice(0, 9)}`
}

/** Source: Go's io/fs, FileMode. */
const modeBits: readonly (readonly [bit: number, kind: FileKind])[] = [
  [2 ** 31, 'folder'],
  [2 ** 27, 'link'],
  [2 ** 25, 'pipe'],
  [2 ** 24, 'socket'],
  [2 ** 21, 'char'],
  [2 ** 26, 'block'],
]
const kindOfMode = (mode: number): FileKind =>
  modeBits.find(([bit]) => Math.floor(mode / bit) % 2 === 1)?.[1] ?? 'file'
