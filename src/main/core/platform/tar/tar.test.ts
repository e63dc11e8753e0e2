import { expect, test } from 'vitest'
import { readTar, type TarEntry, type TarOptions } from './read-tar'
import { DamagedTar } from './tar-header'
import { tarEnd, tarHead, tarPadding, type NewTarEntry } from './write-tar'

const entry = (name: string | Buffer, more: Partial<NewTarEntry> = {}): NewTarEntry => ({
  ...{
    name: Buffer.from(name),
    type: 'file',
    sizeBytes: 0,
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtimeS: 1_700_000_000,
  },
  ...more,
})

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size))
}

async function all<T>(
  bytes: Buffer,
  see: (entry: TarEntry) => Promise<T> | T,
  options?: TarOptions,
): Promise<T[]> {
  const seen: T[] = []
  for await (const one of readTar(pieces(bytes, 700), options)) seen.push(await see(one))
  return seen
}

test('what is written is read again: long names, odd bytes, large owners', async () => {
  const written = [
    entry('plain', { mode: 0o4755, uid: 1000, gid: 100 }),
    entry(`${'deep/'.repeat(60)}file`, { uid: 0o7777777 + 1, gid: 4_000_000_000 }),
    entry(Buffer.from([0x61, 0xff, 0xfe, 0x0a, 0x62])),
    entry('folder', { type: 'folder', mode: 0o1777 }),
  ]
  const read = await all(Buffer.concat([...written.map(tarHead), tarEnd()]), ({ header }) => {
    const { name, kind, size, mode, uid, gid, mtimeS } = header
    return { name: name.toString('latin1'), kind, size, mode, uid, gid, mtimeS }
  })
  expect(read).toEqual(
    written.map(({ name, type, sizeBytes, mode, uid, gid, mtimeS }) => ({
      ...{ name: name.toString('latin1') + (type === 'folder' ? '/' : ''), kind: type, size: sizeBytes },
      ...{ mode, uid, gid, mtimeS },
    })),
  )
})

test('bodies come whole, and what nobody reads is skipped', async () => {
  const data = (size: number): Buffer => Buffer.alloc(size, size % 251)
  const sizes = [0, 1, 511, 512, 513, 5000]
  const parts = sizes.flatMap((sizeBytes) => [
    tarHead(entry(`of-${sizeBytes}`, { sizeBytes })),
    data(sizeBytes),
    tarPadding(sizeBytes),
  ])
  const read = await all(Buffer.concat([...parts, tarEnd()]), async (one) => {
    const { header } = one
    if (header.size === 513) return 'skipped'
    const got: Buffer[] = []
    for await (const piece of one.body()) got.push(Buffer.from(piece))
    return Buffer.concat(got).equals(data(header.size))
  })
  expect(read).toEqual([true, true, true, true, 'skipped', true])
})

test('a size that octal digits cannot say is told all the same', async () => {
  const sizeBytes = 2 ** 34
  const [size] = await all(tarHead(entry('huge', { sizeBytes })), ({ header }) => header.size).catch(
    (error: unknown) => [error],
  )
  expect(size).toBeInstanceOf(DamagedTar)
  for await (const { header } of readTar(pieces(tarHead(entry('huge', { sizeBytes })), 512))) {
    expect(header.size).toBe(sizeBytes)
    break
  }
})

test('without its end a tar is good enough, unless it came over something that breaks', async () => {
  const cut = tarHead(entry('only'))
  expect(await all(cut, ({ header }) => header.name.toString())).toEqual(['only'])
  await expect(all(cut, () => 0, { isWhole: true })).rejects.toThrow(DamagedTar)
  await expect(all(Buffer.from('no tar'.repeat(200)), () => 0)).rejects.toThrow(DamagedTar)
})
