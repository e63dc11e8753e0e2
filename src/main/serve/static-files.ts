import { readdir, readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { extname, join } from 'node:path'
import { pageWithLook, type Look } from '../../shared/model/look'
import { answer } from './answer'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.map': 'application/json',
}

/** Names with the content's hash in them never change their content. */
const hashed = /^\/assets\/[^/]+-[\w-]{8,}\.\w+$/

/**
 * The built window. Its files are listed once at the start and looked up by their exact address, so no
 * request ever becomes a path: there is nothing to climb out of, whatever the encoding.
 */
export class StaticFiles {
  readonly #files: ReadonlyMap<string, string>

  private constructor(files: ReadonlyMap<string, string>) {
    this.#files = files
  }

  static async of(folder: string): Promise<StaticFiles> {
    const files = new Map<string, string>()
    await list(folder, '', files)
    const index = files.get('/index.html')
    if (index) files.set('/', index)
    return new StaticFiles(files)
  }

  get isBuilt(): boolean {
    return this.#files.has('/')
  }

  /** `askLook` is asked for the page itself only: what else there is looks the same to everybody. */
  async serve(path: string, response: ServerResponse, askLook: () => Promise<Look>): Promise<void> {
    const file = this.#files.get(path)
    if (file === undefined) return answer(response, 404)
    const found = await readFile(file).catch(() => undefined)
    if (!found) return answer(response, 404)
    const content = isPage(file) ? Buffer.from(pageWithLook(found.toString(), await askLook())) : found
    response.writeHead(200, {
      'content-type': types[extname(file)] ?? 'application/octet-stream',
      'content-length': content.byteLength,
      'cache-control': hashed.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
    })
    response.end(response.req.method === 'HEAD' ? undefined : content)
  }
}

const isPage = (file: string): boolean => extname(file) === '.html'

/** Plain files only: a symbolic link may lead anywhere. */
async function list(folder: string, address: string, into: Map<string, string>): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    const path = join(folder, entry.name)
    const below = `${address}/${entry.name}`
    if (entry.isDirectory()) await list(path, below, into)
    else if (entry.isFile()) into.set(below, path)
  }
}
