import { execFileSync } from 'node:child_process'
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { type NfsClient, RefusedError } from '../../../../../testing/nfs/nfs-client'
import { serveFolder, type ServedFolder } from '../../../../../testing/nfs/serve-folder'
import { nfsStatus } from './procedures/nfs-status'
import { recordMark } from './wire/record-stream'
import { XdrWriter } from './wire/xdr'

let served: ServedFolder

afterEach(async () => {
  await served.close()
  expect(served.bugs).toEqual([])
})

async function begin(options: Parameters<typeof serveFolder>[0] = {}): Promise<[NfsClient, Buffer]> {
  served = await serveFolder(options)
  const client = await served.client()
  return [client, await client.mount('/code')]
}

/** Undefined for what was refused, the error for what broke. */
const refusal = (error: unknown): undefined => {
  if (error instanceof RefusedError) return undefined
  throw error
}

test('only the shares are mounted, by their path inside', async () => {
  const [client] = await begin()
  for (const path of ['/', '/etc', '/code/', '/code/..', served.dir, ''])
    await expect(client.mount(path)).rejects.toMatchObject({ status: nfsStatus.noent })
})

test('no race of links and folders makes a file outside of the share', async () => {
  const [client, root] = await begin()
  const outside = join(served.dir, '..', 'outside')
  mkdirSync(outside)
  writeFileSync(join(outside, 'victim'), 'whole')
  const other = await served.client()
  const folder = await client.mkdir(root, 'd')
  await client.symlink(root, 'link', '../outside')
  const move = (name: string, to: string): Promise<void> =>
    other.rename({ folder: root, name }, { folder: root, name: to }).catch(refusal)
  for (let round = 0; round < 150; round++) {
    // All sent at once: with names not kept still, some of these land behind the link.
    const planted = Array.from({ length: 6 }, (_, at) =>
      client.create(folder, `p${round}-${at}`).catch(refusal),
    )
    const swaps = [move('d', 'gone'), move('link', 'd')]
    planted.push(client.mkdir(folder, `q${round}`).catch(refusal))
    const victim = client.remove(folder, 'victim').catch(refusal)
    await Promise.all([...planted, ...swaps, victim])
    await move('d', 'link')
    await move('gone', 'd')
  }
  expect(readdirSync(outside)).toEqual(['victim'])
  expect(readFileSync(join(outside, 'victim'), 'utf8')).toBe('whole')
})

test('what is our own is not seen, not read, not moved and not removed', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-home-'))
  const own = join(dir, 'ours')
  mkdirSync(own)
  writeFileSync(join(own, 'token'), 'secret')
  const [client, root] = await begin({ dir, hidden: [own] })
  const refused = { status: nfsStatus.acces }
  for (const isPlus of [false, true])
    expect((await client.readdir(root, { isPlus })).map(({ name }) => name)).not.toContain('ours')
  await expect(client.lookup(root, 'ours')).rejects.toMatchObject(refused)
  await expect(client.rmdir(root, 'ours')).rejects.toMatchObject(refused)
  const [from, to] = [
    { folder: root, name: 'ours' },
    { folder: root, name: 'theirs' },
  ]
  await expect(client.rename(from, to)).rejects.toMatchObject(refused)
  await client.mkdir(root, 'theirs')
  await expect(client.rename(to, from)).rejects.toMatchObject(refused)
  expect(readFileSync(join(own, 'token'), 'utf8')).toBe('secret')
  rmSync(dir, { recursive: true })
})

test('a call that comes again after a lost answer is answered, not done again', async () => {
  const [client, root] = await begin()
  await client.create(root, 'a')
  const args = new XdrWriter().opaque(root).text('a')
  const record = client.encode(77_000, { program: 100003, version: 3, procedure: 12 }, args)
  expect((await client.send(record)).u32()).toBe(0)
  const again = await served.client()
  expect((await again.send(record)).u32()).toBe(0)
  const another = client.encode(77_001, { program: 100003, version: 3, procedure: 12 }, args)
  expect((await client.send(another)).u32()).toBe(nfsStatus.noent)
})

test('files of the person are root’s inside; an owner set inside stays inside', async () => {
  const [client, root] = await begin({ isPerson: true })
  const app = await served.client({ uid: 1000, gid: 1000, gids: [] })
  const file = await app.create(root, 'mine')
  expect(await client.getattr(file)).toMatchObject({ uid: 1000, gid: 1000 })
  expect(await client.setattr(file, { uid: 70, gid: 71 })).toMatchObject({ uid: 70, gid: 71 })
  await served.restart()
  const later = await served.client()
  expect(await later.getattr(file)).toMatchObject({ uid: 70, gid: 71 })
  expect(lstatSync(join(served.dir, 'mine')).uid).toBe(process.getuid?.())
  expect(await later.getattr(await later.create(root, 'other'))).toMatchObject({ uid: 0, gid: 0 })
})

test('where core is root, owners are real and modes are kept', async () => {
  const [client, root] = await begin()
  await client.setattr(root, { mode: 0o755 })
  const app = await served.client({ uid: 1000, gid: 1000, gids: [44] })
  await expect(app.create(root, 'x')).rejects.toMatchObject({ status: nfsStatus.acces })
  const secret = await client.create(root, 'secret', { mode: 0o600 })
  await expect(app.read(secret, 0, 1)).rejects.toMatchObject({ status: nfsStatus.acces })
  await expect(app.setattr(secret, { mode: 0o777 })).rejects.toMatchObject({ status: nfsStatus.perm })
  await client.setattr(secret, { gid: 44, mode: 0o640 })
  await app.read(secret, 0, 1)
  expect((await app.access(secret)) & 0x0d).toBe(1)
  const folder = await client.mkdir(root, 'tmp', { mode: 0o1777 })
  const own = await app.create(folder, 'own', { mode: 0o444 })
  // Its maker writes on in what he made read-only, as `git` does.
  await app.write(own, 0, { data: Buffer.from('object') })
  expect(lstatSync(join(served.dir, 'tmp/own')).uid).toBe(1000)
  const third = await served.client({ uid: 1001, gid: 1001, gids: [] })
  await expect(third.remove(folder, 'own')).rejects.toMatchObject({ status: nfsStatus.acces })
})

test('a pipe on the host is neither waited for nor read', async () => {
  const [client, root] = await begin()
  execFileSync('mkfifo', [join(served.dir, 'pipe')])
  const { handle, attributes } = await client.lookup(root, 'pipe')
  expect(attributes?.type).toBe(7)
  await expect(client.read(handle, 0, 1)).rejects.toMatchObject({ status: nfsStatus.inval })
})

test('what no client of ours says is answered as the RFC says', async () => {
  const [client] = await begin()
  const call = (program: number, version: number, procedure: number): Promise<unknown> =>
    client.call({ program, version, procedure }, new XdrWriter())
  await expect(call(100003, 3, 0)).resolves.toMatchObject({ left: 0 })
  await expect(call(100003, 3, 99)).rejects.toThrow('state 3')
  await expect(call(100003, 4, 1)).rejects.toThrow('state 2')
  await expect(call(1, 1, 1)).rejects.toThrow('state 1')
  await expect(call(100003, 3, 1)).rejects.toThrow('state 4')
})

test('calls of random bytes never crash it, and the folder stays as it was', async () => {
  const [client, root] = await begin()
  await client.create(root, 'kept')
  let state = 99
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state % below
  }
  const calls = Array.from({ length: 3000 }, () => {
    const args = new XdrWriter()
    if (random(2) === 0) args.opaque(root)
    const junk = Buffer.alloc(random(120))
    for (let at = 0; at < junk.length; at++) junk[at] = random(4) === 0 ? random(256) : 0
    args.fixed(junk)
    // Not RENAME, REMOVE and the makers: with a true handle they may do what they say.
    const procedure = [1, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 12][random(13)] as number
    return client.call({ program: 100003, version: 3, procedure }, args).then(
      () => 'a reply',
      // A reply too, of a call that it could not read; a connection that was lost says so in other words.
      (error: Error) => (/^RPC /.test(error.message) ? 'a reply' : error.message),
    )
  })
  const answered = await Promise.all(calls)
  expect(answered.filter((how) => how !== 'a reply')).toEqual([])
  expect(readdirSync(served.dir)).toEqual(['kept'])
})

test('a client that sends no records loses its connection, and only it', async () => {
  const [client, root] = await begin()
  const rude = await served.client()
  const ended = new Promise((resolve) => rude.stream.once('close', resolve))
  rude.stream.write(recordMark(0x7fff_0000))
  await ended
  expect((await client.getattr(root)).type).toBe(2)
})

test('a client that asks and does not read is not served on: memory stays bounded', async () => {
  const [client, root] = await begin()
  const file = await client.create(root, 'big')
  await client.write(file, 0, { data: Buffer.alloc(1_048_576, 1) })
  const lazy = await served.client()
  lazy.stream.pause()
  const args = (): XdrWriter => new XdrWriter().opaque(file).u64(0).u32(1_048_576)
  const asked = Array.from({ length: 400 }, () =>
    lazy.call({ program: 100003, version: 3, procedure: 6 }, args()).then(() => true),
  )
  for (let round = 0; round < 50; round++) await client.getattr(root)
  expect(served.heldBytes()).toBeLessThan(80 * 1_048_576)
  lazy.stream.resume()
  expect((await Promise.all(asked)).length).toBe(400)
})
