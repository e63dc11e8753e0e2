import { mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { contentOf, ImageServer } from '../../../../../testing/images/image-server'
import type { Progress } from '../../../../shared/model'
import { ImageStore } from './image-store'

const first = 'a'.repeat(32)
const second = 'b'.repeat(32)
const third = 'c'.repeat(32)

let dir: string
let server: ImageServer

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slipway-images-'))
  server = await new ImageServer().listen()
})

afterEach(async () => {
  await server.close()
  await rm(dir, { recursive: true })
})

const storeOf = (release = server.place): ImageStore => new ImageStore({ dir, release, arch: 'amd64' })

function more(progress: (progress: Progress) => void = () => undefined) {
  return { signal: new AbortController().signal, progress }
}

test('an image is fetched, checked, unpacked and kept', async () => {
  const manifest = server.release({ id: first, epochS: 100 })
  const store = storeOf()
  const total = manifest.files.reduce((sum, file) => sum + (file.packed?.sizeBytes ?? 0), 0)
  expect(await store.state()).toEqual({ way: 'download', bytes: total })
  const seen: Progress[] = []
  const files = await store.ensure(more((progress) => seen.push(progress)))
  expect(files.id).toBe(first)
  expect(await readFile(files.root)).toEqual(contentOf(`${first}-root.erofs`))
  expect(seen.at(-1)).toMatchObject({ doneBytes: total, totalBytes: total })
  expect(await readdir(dir)).toEqual([first])
  expect(await store.state()).toEqual({ way: 'ready', bytes: 0 })
})

test('an image that is kept asks nothing of the network', async () => {
  server.release({ id: first, epochS: 100 })
  await storeOf().ensure(more())
  server.asked.length = 0
  expect((await storeOf().ensure(more())).id).toBe(first)
  expect(server.asked).toEqual([])
})

test('a cut download goes on where it was', async () => {
  server.release({ id: first, epochS: 100 })
  let cuts = 0
  let cut: (() => void) | undefined
  server.fault = (request, response, bytes) => {
    if (!request.url?.endsWith('root.erofs.zst') || cuts >= 2) return false
    cuts++
    response.writeHead(request.headers.range ? 206 : 200, { 'content-length': bytes.length })
    response.write(bytes.subarray(0, 50_000))
    cut = () => response.destroy()
    return true
  }
  let beforeBytes = 0
  // Cut once more of it is there than after the last cut.
  const progress = ({ doneBytes = 0 }: Progress): void => {
    if (cut && doneBytes > beforeBytes + 1000) {
      cut()
      cut = undefined
    }
    if (!cut) beforeBytes = doneBytes
  }
  const files = await storeOf().ensure(more(progress))
  expect(await readFile(files.root)).toEqual(contentOf(`${first}-root.erofs`))
  const asked = server.asked.filter((one) => one.includes('root.erofs'))
  expect(asked).toHaveLength(3)
  expect(asked.slice(1).every((one) => / bytes=[1-9]/.test(one))).toBe(true)
})

test('what an ended core has fetched is not fetched again', async () => {
  server.release({ id: first, epochS: 100 })
  const stop = new AbortController()
  const fetched = storeOf().ensure({
    signal: stop.signal,
    progress: ({ doneBytes = 0 }) => doneBytes > 250_000 && stop.abort(new Error('stopped')),
  })
  await expect(fetched).rejects.toThrow('stopped')
  server.asked.length = 0
  await storeOf().ensure(more())
  expect(server.asked.some((one) => one.endsWith('vmlinuz.zst'))).toBe(false)
})

test('a manifest of another key is refused before anything is fetched', async () => {
  server.release({ id: first, epochS: 100 })
  const other = await new ImageServer().listen()
  const { publicKey } = other.place
  await other.close()
  const store = storeOf({ ...server.place, publicKey })
  await expect(store.ensure(more())).rejects.toMatchObject({ code: 'machine.image-damaged' })
  expect(server.asked.some((one) => one.includes('.zst'))).toBe(false)
})

test('a manifest that was changed after signing is refused', async () => {
  server.release({ id: first, epochS: 100 })
  const text = server.files.get('/amd64/manifest.json')?.toString() ?? ''
  server.files.set('/amd64/manifest.json', Buffer.from(text.replace('6.12.1', '6.12.2')))
  await expect(storeOf().ensure(more())).rejects.toMatchObject({ code: 'machine.image-damaged' })
})

test('a signed manifest with a path for a name is refused', async () => {
  const manifest = server.release({ id: first, epochS: 100 })
  const [file] = manifest.files
  server.sign(JSON.stringify({ ...manifest, files: [{ ...file, name: '../../evil' }] }))
  await expect(storeOf().ensure(more())).rejects.toMatchObject({ code: 'machine.image-damaged' })
})

test('a file of the right size and wrong bytes is never an image', async () => {
  server.release({ id: first, epochS: 100 })
  const path = `/amd64/${first}/root.erofs.zst`
  const bytes = Buffer.from(server.files.get(path) ?? '')
  bytes.writeUInt8(bytes.readUInt8(100_000) ^ 1, 100_000)
  server.files.set(path, bytes)
  const store = storeOf()
  await expect(store.ensure(more())).rejects.toMatchObject({ code: 'machine.image-damaged' })
  expect(await store.list()).toEqual([])
})

test('a server that says no is asked once', async () => {
  server.release({ id: first, epochS: 100 })
  server.files.delete(`/amd64/${first}/vmlinuz.zst`)
  await expect(storeOf().ensure(more())).rejects.toMatchObject({
    code: 'machine.image-fetch',
    facts: { reason: 'HTTP 404' },
  })
  expect(server.asked.filter((one) => one.endsWith('vmlinuz.zst'))).toHaveLength(1)
})

test('an update brings what is newer and never what is older', async () => {
  server.release({ id: first, epochS: 100 })
  const store = storeOf()
  await store.ensure(more())
  server.release({ id: second, epochS: 50 })
  expect(await store.update(more())).toBe(false)
  server.release({ id: third, epochS: 200 })
  expect(await store.update(more())).toBe(true)
  expect((await store.ensure(more())).id).toBe(third)
})

test('an image with a cut file is not used', async () => {
  server.release({ id: first, epochS: 100 })
  const store = storeOf()
  const { root } = await store.ensure(more())
  await truncate(root, 1000)
  expect(await store.find(first)).toBeUndefined()
  await store.ensure(more())
  expect(await readFile(root)).toEqual(contentOf(`${first}-root.erofs`))
})

test('what is in use and the newest stay, all else goes', async () => {
  const store = storeOf()
  for (const [epochS, id] of [first, second, third].entries()) {
    server.release({ id, epochS: 100 + epochS })
    if (epochS === 0) await store.ensure(more())
    else await store.update(more())
  }
  await writeFile(join(dir, 'not-ours'), '')
  await store.removeUnused([first])
  expect((await readdir(dir)).sort()).toEqual([first, third, 'not-ours'].sort())
})

test('two machines that start at once fetch once', async () => {
  server.release({ id: first, epochS: 100 })
  const store = storeOf()
  const both = await Promise.all([store.ensure(more()), store.ensure(more())])
  expect(both.map(({ id }) => id)).toEqual([first, first])
  expect(server.asked.filter((one) => one.endsWith('root.erofs.zst'))).toHaveLength(1)
})

// Else one machine's download holds up the stop, the edit and the next start of another.
test('who waits for the image of another may leave, and lets nobody in early', async () => {
  server.release({ id: first, epochS: 100 })
  let goOn: (() => void) | undefined
  server.fault = (request, response, bytes) => {
    if (goOn || !request.url?.endsWith('root.erofs.zst')) return false
    goOn = () => response.writeHead(200, { 'content-length': bytes.length }).end(bytes)
    return true
  }
  const asksFor = (name: string): number => server.asked.filter((one) => one.endsWith(name)).length
  const store = storeOf()
  const downloads = store.ensure(more())
  await expect.poll(() => goOn).toBeDefined()
  const stop = new AbortController()
  const leaves = store.ensure({ ...more(), signal: stop.signal })
  const waits = store.ensure(more())
  stop.abort(new Error('stopped'))
  await expect(leaves).rejects.toThrow('stopped')
  // A way to the server and back, in which the third would have asked as well.
  await store.state()
  expect(asksFor('/manifest.json')).toBe(2)
  goOn?.()
  expect((await Promise.all([downloads, waits])).map(({ id }) => id)).toEqual([first, first])
  expect(asksFor('root.erofs.zst')).toBe(1)
})

test('without checkout and release there is none', async () => {
  const store = new ImageStore({ dir, arch: 'amd64' })
  expect(await store.state()).toEqual({ way: 'none', bytes: 0 })
  await expect(store.ensure(more())).rejects.toMatchObject({ code: 'machine.image-missing' })
})
