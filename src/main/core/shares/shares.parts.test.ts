import { createHash } from 'node:crypto'
import {
  appendFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Duplex } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { NfsClient } from '../../../../testing/nfs/nfs-client'
import type { ContainerMount, MachineId, Share, ShareState } from '../../../shared/model'
import { AppError } from '../../../shared/errors'
import { waitFor } from '../platform/wait-for'
import type { ShareLink } from './share-guest'
import { createShares, type Shares } from './shares'

const id = 'm-test' as MachineId
let base: string
let home: string
let shares: Shares
let mounts: ContainerMount[]
let listeners: Set<() => void>

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-shares-')))
  home = join(base, 'home')
  mkdirSync(join(home, 'app'), { recursive: true })
  mkdirSync(join(home, 'slipway'))
  writeFileSync(join(home, 'app', 'main.py'), 'print(1)')
  writeFileSync(join(home, 'slipway', 'token'), 'secret')
  mounts = []
  listeners = new Set()
  shares = newShares()
})

afterEach(async () => {
  await shares.close()
  rmSync(base, { recursive: true, force: true })
})

function newShares(): Shares {
  return createShares({
    filesOf: () => ({ secret: join(base, 'share.key'), facts: join(base, 'share-facts.json') }),
    ownFolders: () => [join(home, 'slipway')],
    mountsOf: () => mounts,
    onContainers: (_id, listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  })
}

/** A guest that mounts by the verbs, whose kernel's client is ours. */
class FakeGuest {
  readonly calls: string[] = []
  readonly mounted: string[] = []
  readonly touched: string[] = []
  refuses = false
  onConnection: ((stream: Duplex) => void) | undefined
  readonly end = new AbortController()
  states: readonly ShareState[] = []

  link(settings: () => readonly Share[]): ShareLink {
    return {
      id,
      settings: () => ({ shares: settings() }) as ReturnType<ShareLink['settings']>,
      guest: {
        run: (verb, args, { input = '' }) => this.#run(verb, [...args], input),
        listenUnix: (_path, onConnection) => {
          this.onConnection = onConnection
          return Promise.resolve(() => (this.onConnection = undefined))
        },
      },
      signal: this.end.signal,
      tell: ({ shares: now }) => (this.states = now),
    }
  }

  connect(): NfsClient {
    const [mine, theirs] = pair()
    this.onConnection?.(theirs)
    return new NfsClient(mine)
  }

  #run(verb: string, args: string[], input: string): Promise<string> {
    if (verb === 'touch') {
      this.touched.push(...input.trim().split('\n'))
      return Promise.resolve('')
    }
    this.calls.push([verb, ...args].join(' '))
    if (this.refuses) return Promise.reject(new AppError('machine.guest-failed', 'no'))
    const [path = ''] = args
    if (verb === 'mount-share') this.mounted.push(path)
    else this.mounted.splice(this.mounted.indexOf(path), 1)
    return Promise.resolve('')
  }
}

function pair(): [Duplex, Duplex] {
  const ends: Duplex[] = []
  const make = (other: number): Duplex =>
    new Duplex({
      read() {
        /* pushed by the other end */
      },
      write(chunk: Buffer, _encoding, done) {
        ends[other]?.push(chunk)
        done()
      },
    })
  ends.push(make(1), make(0))
  return ends as [Duplex, Duplex]
}

const share = (path: string, isReadOnly = false): Share => ({ path, isReadOnly })

/** All that a folder holds, as one word: what is in it, how big, when changed, of whom. */
function canary(dir: string): string {
  const hash = createHash('sha256')
  for (const entry of readdirSync(dir, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name)
    const { mode, uid, mtimeMs, size } = lstatSync(path)
    hash.update(JSON.stringify([path, mode, uid, mtimeMs, size]))
    if (entry.isFile()) hash.update(readFileSync(path))
  }
  return hash.digest('hex')
}

test('shares are mounted at their own path, outer ones first, and edits count at once', async () => {
  const guest = new FakeGuest()
  let wanted = [share(join(home, 'app')), share(home)]
  const link = guest.link(() => wanted)
  await shares.begin(link)
  expect(guest.calls).toEqual([`mount-share ${home} rw`, `mount-share ${join(home, 'app')} rw`])
  expect(guest.states.map(({ state }) => state)).toEqual(['mounted', 'mounted'])
  wanted = [share(home, true)]
  shares.settingsChanged(link)
  await waitFor(() => guest.mounted.length === 1, { timeoutMs: 20_000, what: 'one mount' })
  const client = guest.connect()
  const root = await client.mount(home)
  await expect(client.create(root, 'x')).rejects.toMatchObject({ status: 30 })
  guest.end.abort()
  expect(listeners.size).toBe(0)
})

test('a folder that cannot be shared says why, and comes by itself when it can', async () => {
  const guest = new FakeGuest()
  const later = join(home, 'later')
  const link = guest.link(() => [share(later), share('/etc'), share(join(home, 'slipway')), share(home)])
  await shares.begin(link)
  const codes = Object.fromEntries(guest.states.map(({ path, error }) => [path, error?.code]))
  expect(codes).toEqual({
    [later]: 'file.failed',
    '/etc': 'share.refused',
    [join(home, 'slipway')]: 'share.refused',
    [home]: undefined,
  })
  mkdirSync(later)
  await waitFor(() => guest.mounted.includes(later), { timeoutMs: 15_000, what: 'the folder' })
  guest.end.abort()
})

test('our own folder is not in the shared home', async () => {
  const guest = new FakeGuest()
  await shares.begin(guest.link(() => [share(home)]))
  const client = guest.connect()
  const root = await client.mount(home)
  expect((await client.readdir(root)).map(({ name }) => name).sort()).toEqual(['.', '..', 'app'])
  guest.end.abort()
})

test('a machine that outlives core goes on with its handles and owners at the next one', async () => {
  const guest = new FakeGuest()
  await shares.begin(guest.link(() => [share(home)]))
  const client = guest.connect()
  const root = await client.mount(home)
  const file = await client.create(root, 'log')
  await client.mknod(root, 'app.sock', 6)
  await shares.close()
  shares = newShares()
  const next = new FakeGuest()
  await shares.begin(next.link(() => [share(home)]))
  const again = next.connect()
  await again.write(file, 0, { data: Buffer.from('goes on') })
  expect(readFileSync(join(home, 'log'), 'utf8')).toBe('goes on')
  expect((await again.lookup(root, 'app.sock')).attributes?.type).toBe(6)
  next.end.abort()
})

test('changes on the host are told to a machine whose container has the folder, its own changes are not', async () => {
  const guest = new FakeGuest()
  await shares.begin(guest.link(() => [share(home)]))
  const app = join(home, 'app')
  mounts = [{ type: 'bind', source: app, target: '/app', isReadOnly: false }]
  for (const listener of listeners) listener()
  // Watches are set up beside: what is written until one is seen is written again.
  const seen = (path: string): Promise<unknown> =>
    waitFor(
      () => {
        appendFileSync(join(app, 'main.py'), '\n')
        return guest.touched.includes(path)
      },
      { timeoutMs: 10_000, what: path, everyMs: 200 },
    )
  await seen(join(app, 'main.py'))
  mkdirSync(join(app, 'sub'))
  writeFileSync(join(app, 'sub', 'new'), '')
  await waitFor(() => guest.touched.includes(join(app, 'sub', 'new')), { timeoutMs: 10_000, what: 'new' })
  const before = guest.touched.length
  rmSync(join(app, 'sub', 'new'))
  await waitFor(() => guest.touched.lastIndexOf(join(app, 'sub')) >= before, {
    timeoutMs: 10_000,
    what: 'rm',
  })
  const client = guest.connect()
  const { handle } = await client.lookup(await client.mount(home), 'app')
  const own = await client.create(handle, 'output')
  await client.write(own, 0, { data: Buffer.from('x') })
  // A change that comes after it: when that is told, the own one was passed over.
  writeFileSync(join(app, 'last'), '')
  await waitFor(() => guest.touched.includes(join(app, 'last')), { timeoutMs: 10_000, what: 'last' })
  expect(guest.touched).not.toContain(join(app, 'output'))
  guest.end.abort()
})

test('nothing that becomes of a machine touches the host’s files', async () => {
  const before = canary(home)
  const guest = new FakeGuest()
  await shares.begin(guest.link(() => [share(home)]))
  const client = guest.connect()
  const root = await client.mount(home)
  for (const { name } of await client.readdir(root, { isPlus: true })) await client.lookup(root, name)
  await client.setattr(root, { mtime: 4_277_009_421 })
  await shares.end(guest.link(() => [share(home)]))
  guest.end.abort()
  const next = new FakeGuest()
  const link = next.link(() => [])
  await shares.begin(link)
  next.end.abort()
  await shares.close()
  expect(canary(home)).toBe(before)
})
