import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { NfsClient } from '../../../../../testing/nfs/nfs-client'
import { serveFolder, type ServedFolder } from '../../../../../testing/nfs/serve-folder'
import { nfsStatus } from './procedures/nfs-status'

let served: ServedFolder
let client: NfsClient
let root: Buffer

beforeEach(async () => {
  served = await serveFolder()
  client = await served.client()
  root = await client.mount('/code')
})

afterEach(async () => {
  client.close()
  expect(served.bugs).toEqual([])
  await served.close()
  expect(served.server.openFiles).toBe(0)
})

const host = (name: string): string => join(served.dir, name)
const status = (code: number): object => ({ status: code })

test('a file made by the client is on the host, and read back whole', async () => {
  const file = await client.create(root, 'hello.txt', { mode: 0o640 })
  const data = Buffer.from('hello from the machine')
  expect((await client.write(file, 0, { data })).count).toBe(data.length)
  await client.commit(file)
  expect(readFileSync(host('hello.txt'), 'utf8')).toBe('hello from the machine')
  expect(statSync(host('hello.txt')).mode & 0o777).toBe(0o640)
  expect(await client.read(file, 0, 100)).toEqual({ data, isEnd: true })
  expect((await client.read(file, 6, 4)).data.toString()).toBe('from')
  expect(await client.read(file, 5000, 10)).toEqual({ data: Buffer.alloc(0), isEnd: true })
})

test('blocks of a whole MiB pass unchanged, many at once', async () => {
  const { maxRead, maxWrite } = await client.fsinfo(root)
  expect([maxRead, maxWrite]).toEqual([1_048_576, 1_048_576])
  const file = await client.create(root, 'big')
  const blocks = Array.from({ length: 12 }, (_, at) => Buffer.alloc(maxWrite, at + 1))
  await Promise.all(blocks.map((data, at) => client.write(file, at * maxWrite, { data })))
  await client.commit(file)
  const back = await Promise.all(blocks.map((_, at) => client.read(file, at * maxRead, maxRead)))
  back.forEach(({ data }, at) => expect(data.equals(blocks[at] as Buffer)).toBe(true))
  expect(statSync(host('big')).size).toBe(12 * maxWrite)
})

test('folders, links, hard links and renames do on the host what they say', async () => {
  const folder = await client.mkdir(root, 'sub')
  const file = await client.create(folder, 'a')
  await client.symlink(folder, 'pointer', '../elsewhere/ü')
  await client.link(file, root, 'b')
  await client.rename({ folder, name: 'a' }, { folder: root, name: 'c' })
  expect(readlinkSync(host('sub/pointer'))).toBe('../elsewhere/ü')
  expect(await client.readlink((await client.lookup(folder, 'pointer')).handle)).toBe('../elsewhere/ü')
  expect(lstatSync(host('b')).ino).toBe(lstatSync(host('c')).ino)
  expect((await client.getattr(file)).nlink).toBe(2)
  await expect(client.rmdir(root, 'sub')).rejects.toMatchObject(status(nfsStatus.notempty))
  await client.remove(folder, 'pointer')
  await client.rmdir(root, 'sub')
  expect(existsSync(host('sub'))).toBe(false)
  await expect(client.remove(root, 'sub')).rejects.toMatchObject(status(nfsStatus.noent))
})

test('a folder is listed whole page by page, with the same names with and without attributes', async () => {
  const names = Array.from({ length: 700 }, (_, at) => `file-${at}`).sort()
  names.forEach((name) => writeFileSync(host(name), name))
  const plain = await client.readdir(root, { pageBytes: 1024 })
  const plus = await client.readdir(root, { pageBytes: 8192, isPlus: true })
  const own = (all: readonly { name: string }[]): string[] =>
    all
      .map(({ name }) => name)
      .filter((name) => name !== '.' && name !== '..')
      .sort()
  expect(own(plain)).toEqual(names)
  expect(own(plus)).toEqual(names)
  const one = plus.find(({ name }) => name === 'file-42')
  expect(one?.attributes?.size).toBe(7n)
  expect((await client.read(one?.handle as Buffer, 0, 100)).data.toString()).toBe('file-42')
})

test('names that are removed while they are listed take no other name with them', async () => {
  for (let at = 0; at < 300; at++) writeFileSync(host(`f${at}`), '')
  // As `rm -r` does: it removes a page's names and goes on with the next page.
  for (let round = 0; round < 2; round++)
    for (const { name } of await client.readdir(root, { pageBytes: 700 }))
      if (name.startsWith('f')) await client.remove(root, name)
  expect(await client.readdir(root)).toHaveLength(2)
})

test('names are bytes: what is not UTF-8 is made, found and removed', async () => {
  const name = Buffer.from([0x66, 0xff, 0xfe, 0x20, 0x0a])
  await client.create(root, name)
  const { handle } = await client.lookup(root, name)
  expect((await client.getattr(handle)).size).toBe(0n)
})

test('the way up ends at the root of the share', async () => {
  const sub = await client.mkdir(root, 'sub')
  expect((await client.lookup(sub, '..')).handle.equals(root)).toBe(true)
  expect((await client.lookup(root, '..')).handle.equals(root)).toBe(true)
  for (const name of ['../x', '/etc/passwd', 'a/b', 'a\0b', ''])
    await expect(client.lookup(root, name)).rejects.toMatchObject(status(nfsStatus.inval))
  await expect(client.create(root, '..')).rejects.toMatchObject(status(nfsStatus.inval))
  await expect(client.lookup(root, 'x'.repeat(256))).rejects.toMatchObject(status(nfsStatus.nametoolong))
})

test('a link that leads out is text: nothing is read, made or emptied behind it', async () => {
  writeFileSync(join(served.dir, '..', 'secret'), 'outside')
  symlinkSync('../secret', host('out'))
  symlinkSync('..', host('up'))
  const { handle, attributes } = await client.lookup(root, 'out')
  expect(attributes?.type).toBe(5)
  await expect(client.read(handle, 0, 10)).rejects.toMatchObject(status(nfsStatus.inval))
  await expect(client.write(handle, 0, { data: Buffer.from('x') })).rejects.toMatchObject(
    status(nfsStatus.inval),
  )
  await expect(client.setattr(handle, { size: 0 })).rejects.toMatchObject(status(nfsStatus.inval))
  await client.setattr(handle, { mode: 0o777, mtime: 1 })
  await expect(client.create(root, 'out', { size: 0 })).rejects.toMatchObject(status(nfsStatus.exist))
  const up = (await client.lookup(root, 'up')).handle
  await expect(client.lookup(up, 'secret')).rejects.toMatchObject(status(nfsStatus.notdir))
  await expect(client.create(up, 'new')).rejects.toMatchObject(status(nfsStatus.notdir))
  const secret = statSync(join(served.dir, '..', 'secret'))
  expect(readFileSync(join(served.dir, '..', 'secret'), 'utf8')).toBe('outside')
  expect([secret.mode & 0o777, secret.mtimeMs > 1e12]).toEqual([0o644, true])
})

test('a folder that was swapped for a link is not gone through', async () => {
  const sub = await client.mkdir(root, 'sub')
  const file = await client.create(sub, 'a')
  mkdirSync(join(served.dir, '..', 'other'))
  writeFileSync(join(served.dir, '..', 'other', 'a'), 'outside')
  renameSync(host('sub'), host('was-sub'))
  symlinkSync('../other', host('sub'))
  await expect(client.create(sub, 'b')).rejects.toMatchObject(status(nfsStatus.stale))
  await expect(client.readdir(sub)).rejects.toMatchObject(status(nfsStatus.stale))
  await served.restart()
  client = await served.client()
  await expect(client.read(file, 0, 9)).rejects.toMatchObject(status(nfsStatus.stale))
  expect(existsSync(join(served.dir, '..', 'other', 'b'))).toBe(false)
})

test('handles live on over a restart of the server, deep ones and those of moved folders with it', async () => {
  let folder = root
  for (let depth = 0; depth < 25; depth++) folder = await client.mkdir(folder, `folder ${depth}`)
  const deep = await client.create(folder, 'deep')
  await client.write(deep, 0, { data: Buffer.from('still here') })
  await client.commit(deep)
  await served.restart()
  client = await served.client()
  expect((await client.read(deep, 0, 100)).data.toString()).toBe('still here')
  expect((await client.lookup(folder, 'deep')).handle.equals(deep)).toBe(true)
})

test('a handle follows its file when it is renamed, and the files of a folder that is renamed', async () => {
  const folder = await client.mkdir(root, 'sub')
  const file = await client.create(folder, 'a')
  await client.rename({ folder: root, name: 'sub' }, { folder: root, name: 'moved' })
  await client.rename({ folder, name: 'a' }, { folder, name: 'z' })
  await client.write(file, 0, { data: Buffer.from('1') })
  expect(readFileSync(host('moved/z'), 'utf8')).toBe('1')
  expect((await client.lookup(folder, 'z')).handle.equals(file)).toBe(true)
})

test('one of two hard links is removed and the handle goes on', async () => {
  const file = await client.create(root, 'one')
  linkSync(host('one'), host('two'))
  await client.lookup(root, 'two')
  await client.remove(root, 'one')
  expect((await client.getattr(file)).nlink).toBe(1)
})

test('a file that was made anew under an old name is not taken for the old one', async () => {
  const file = await client.create(root, 'a')
  await client.remove(root, 'a')
  writeFileSync(host('a'), 'new')
  await expect(client.getattr(file)).rejects.toMatchObject(status(nfsStatus.stale))
})

test('a handle that was made up or changed is refused', async () => {
  const handle = await client.create(root, 'a')
  for (let at = 0; at < handle.length; at++) {
    const forged = Buffer.from(handle)
    forged[at] = (forged[at] as number) ^ 1
    await expect(client.getattr(forged)).rejects.toMatchObject(status(nfsStatus.badhandle))
  }
  await expect(client.getattr(Buffer.alloc(64, 9))).rejects.toMatchObject(status(nfsStatus.badhandle))
  await expect(client.getattr(Buffer.alloc(0))).rejects.toMatchObject(status(nfsStatus.badhandle))
})

test('a read-only share refuses all that writes, and still takes the mark of a change', async () => {
  const file = await client.create(root, 'a')
  served.setReadOnly(true)
  const refused = status(nfsStatus.rofs)
  await expect(client.write(file, 0, { data: Buffer.from('x') })).rejects.toMatchObject(refused)
  await expect(client.create(root, 'b')).rejects.toMatchObject(refused)
  await expect(client.mkdir(root, 'b')).rejects.toMatchObject(refused)
  await expect(client.symlink(root, 'b', 'a')).rejects.toMatchObject(refused)
  await expect(client.mknod(root, 'b', 6)).rejects.toMatchObject(refused)
  await expect(client.remove(root, 'a')).rejects.toMatchObject(refused)
  await expect(client.rmdir(root, 'a')).rejects.toMatchObject(refused)
  await expect(client.link(file, root, 'b')).rejects.toMatchObject(refused)
  await expect(client.setattr(file, { mode: 0 })).rejects.toMatchObject(refused)
  const to = { folder: root, name: 'b' }
  await expect(client.rename({ folder: root, name: 'a' }, to)).rejects.toMatchObject(refused)
  expect((await client.access(file)) & 0x1c).toBe(0)
  await client.setattr(file, { mtime: 4_277_009_421 })
})

test('the mark of a change alters nothing of the file', async () => {
  const file = await client.create(root, 'a')
  const before = lstatSync(host('a'), { bigint: true })
  const after = await client.setattr(file, { mtime: 4_277_009_421 })
  expect(lstatSync(host('a'), { bigint: true }).ctimeNs).toBe(before.ctimeNs)
  expect(after?.mtime).toBe(Number(before.mtimeNs / 1_000_000_000n))
})

test('attributes are set: mode, size, times', async () => {
  const file = await client.create(root, 'a')
  await client.write(file, 0, { data: Buffer.from('0123456789') })
  const after = await client.setattr(file, { mode: 0o6751, size: 4, atime: 1000, mtime: 2000.5 })
  expect(after).toMatchObject({ mode: 0o751, size: 4n, atime: 1000, mtime: 2000, mtimeNs: 500_000_000 })
  expect(readFileSync(host('a'), 'utf8')).toBe('0123')
  const now = await client.setattr(file, { mtime: 'now' })
  expect(now?.mtime).toBeGreaterThan(1e9)
})

test('an exclusive create may be asked again by its maker and by nobody else', async () => {
  const mine = Buffer.from('verifier')
  const file = await client.create(root, 'lock', mine)
  expect((await client.create(root, 'lock', mine)).equals(file)).toBe(true)
  await expect(client.create(root, 'lock', Buffer.from('8 others'))).rejects.toMatchObject(
    status(nfsStatus.exist),
  )
  await expect(client.guarded(root, 'lock')).rejects.toMatchObject(status(nfsStatus.exist))
  expect((await client.create(root, 'lock')).equals(file)).toBe(true)
})

test('devices are never made; sockets and pipes are empty files on the host', async () => {
  await expect(client.mknod(root, 'disk', 3)).rejects.toMatchObject(status(nfsStatus.notsupp))
  await expect(client.mknod(root, 'tty', 4)).rejects.toMatchObject(status(nfsStatus.notsupp))
  const socket = await client.mknod(root, 'app.sock', 6)
  expect((await client.getattr(socket)).type).toBe(6)
  expect(lstatSync(host('app.sock')).isFile()).toBe(true)
  await served.restart()
  client = await served.client()
  expect((await client.getattr(socket)).type).toBe(6)
  expect((await client.getattr(await client.mknod(root, 'pipe', 7))).type).toBe(7)
})

test('pages of a removed file are let go at once', async () => {
  const file = await client.create(root, 'a')
  await client.write(file, 0, { data: Buffer.from('x') })
  expect(served.server.openFiles).toBe(1)
  await client.remove(root, 'a')
  expect(served.server.openFiles).toBe(0)
  rmSync(host('a'), { force: true })
})

test('space, limits and access are told', async () => {
  expect((await client.fsstat(root)).totalBytes).toBeGreaterThan(1_000_000n)
  expect((await client.pathconf(root)).maxName).toBe(255)
  expect(await client.access(root)).toBe(0x1f)
  const script = await client.create(root, 'run', { mode: 0o755 })
  expect(await client.access(script)).toBe(0x2d)
})
