import { createHash } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkSignature } from '../../src/main/core/machines/image/signature'
import { contentOf, ImageServer } from './image-server'

let server: ImageServer
beforeEach(async () => {
  server = await new ImageServer().listen()
})
afterEach(() => server.close())

const ask = async (path: string, range?: string): Promise<{ status: number; bytes: Buffer }> => {
  const answer = await fetch(`${server.place.url}${path}`, { headers: { ...(range && { range }) } })
  return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) }
}
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

test('a released image is whole, its manifest describes it and is signed', async () => {
  const manifest = server.release({ id: 'one', epochS: 7, packages: [] })
  const text = (await ask('/amd64/manifest.json')).bytes
  expect(JSON.parse(text.toString())).toEqual(manifest)
  const signature = (await ask('/amd64/manifest.json.sig')).bytes.toString()
  expect(() => checkSignature(text, signature, server.place.publicKey)).not.toThrow()
  expect(() => checkSignature(Buffer.concat([text, text]), signature, server.place.publicKey)).toThrow()
  expect(manifest.files).toHaveLength(3)
  for (const { name, sha256: digest, packed } of manifest.files) {
    if (!packed) throw new Error(`${name} is not packed`)
    const { bytes } = await ask(`/amd64/one/${packed.name}`)
    expect([bytes.length, sha256(bytes)]).toEqual([packed.sizeBytes, packed.sha256])
    const unpacked = spawnSync('zstd', ['-d', '-q', '-c'], { input: bytes }).stdout
    expect(sha256(unpacked)).toBe(digest)
    expect(unpacked.equals(contentOf(`one-${name}`))).toBe(true)
  }
})

test('a range begins where it says, what is not there is not found, and all that is asked is noted', async () => {
  server.files.set('/a', Buffer.from('0123456789'))
  expect(await ask('/a')).toEqual({ status: 200, bytes: Buffer.from('0123456789') })
  expect(await ask('/a', 'bytes=4-')).toEqual({ status: 206, bytes: Buffer.from('456789') })
  expect((await ask('/b')).status).toBe(404)
  expect(server.asked).toEqual(['/a', '/a bytes=4-', '/b'])
})

test('a fault answers in place of the server, and only where it says that it has', async () => {
  server.files.set('/a', Buffer.from('whole'))
  const seen: string[] = []
  server.fault = (request, response, bytes) => {
    seen.push(bytes.toString())
    if (request.headers.range !== undefined) return false
    response.writeHead(503).end()
    return true
  }
  expect((await ask('/a')).status).toBe(503)
  expect(await ask('/a', 'bytes=2-')).toEqual({ status: 206, bytes: Buffer.from('ole') })
  expect(seen).toEqual(['whole', 'ole'])
})
