import { spawnSync } from 'node:child_process'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { signManifest } from '../../src/main/core/machines/image/signature'
import type { Manifest } from '../../src/main/core/machines/image/manifest'

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** How the server treats one request; `bytes` is what it would send. */
export type Fault = (request: IncomingMessage, response: ServerResponse, bytes: Buffer) => boolean

export interface ReleasedImage {
  readonly id: string
  readonly epochS: number
  readonly kernel?: string
  readonly packages?: Manifest['packages']
}

/** A server of released machine images, signed by a key of its own. Knows ranges. */
export class ImageServer {
  /** Paths with their `range`, in the order in which they were asked for. */
  readonly asked: string[] = []
  /** Looked at before each answer; true when it has answered itself. */
  fault: Fault = () => false
  readonly files = new Map<string, Buffer>()
  readonly #keys = generateKeyPairSync('ed25519')
  readonly #server = createServer((request, response) => this.#answer(request, response))

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return this
  }

  get place(): { url: string; publicKey: string } {
    const address = this.#server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const { x = '' } = this.#keys.publicKey.export({ format: 'jwk' })
    return { url: `http://127.0.0.1:${port}`, publicKey: Buffer.from(x, 'base64url').toString('base64') }
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  /** Puts an image there as the newest one. */
  release({ id, epochS, kernel = '6.12.1', packages = [] }: ReleasedImage): Manifest {
    const files = ['vmlinuz', 'initrd.img', 'root.erofs'].map((name) => {
      const bytes = contentOf(`${id}-${name}`)
      const packed = spawnSync('zstd', ['-q', '-c'], { input: bytes }).stdout
      this.files.set(`/amd64/${id}/${name}.zst`, packed)
      return {
        ...{ name, sizeBytes: bytes.length, sha256: sha256(bytes) },
        packed: { name: `${name}.zst`, sizeBytes: packed.length, sha256: sha256(packed) },
      }
    })
    const manifest: Manifest = {
      ...{ format: 1, id, arch: 'amd64', distribution: 'debian trixie', kernel, epochS, files, packages },
    }
    this.sign(JSON.stringify(manifest))
    return manifest
  }

  sign(text: string): void {
    this.files.set('/amd64/manifest.json', Buffer.from(text))
    const signature = signManifest(Buffer.from(text), this.#keys.privateKey)
    this.files.set('/amd64/manifest.json.sig', Buffer.from(signature))
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const range = request.headers.range
    this.asked.push(`${request.url}${range ? ` ${range}` : ''}`)
    const whole = this.files.get(request.url ?? '')
    if (!whole) return void response.writeHead(404).end()
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0)
    const bytes = whole.subarray(from)
    if (this.fault(request, response, bytes)) return
    const headers = { 'content-length': bytes.length }
    response.writeHead(from > 0 ? 206 : 200, headers).end(bytes)
  }
}

/** 200 kB that do not compress to nothing, the same for the same name. */
export function contentOf(name: string): Buffer {
  const blocks = Array.from({ length: 6250 }, (_, n) => createHash('sha256').update(`${name} ${n}`).digest())
  return Buffer.concat(blocks)
}
