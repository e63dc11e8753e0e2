import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import {
  canNameAnything,
  container,
  context,
  engine,
  id,
  lab,
  list,
  place,
  read,
  roads,
  signal,
  sum,
  upload,
  write,
  type Lab,
} from '../../../../testing/files/file-lab'
import type { FileList, FileUploadInput } from '../../../shared/model'
import { tarEntries } from './tar-entries'

const wild = `
  mkdir -p /w/sub/deep /w/empty; cd /w
  i=0; while [ $i -lt 20 ]; do head -c $((RANDOM * 7 + 1)) /dev/urandom > f$i; i=$((i+1)); done
  chmod 4755 f1; chmod 000 f2; chown 1234:4321 f3; chmod 2700 sub; chmod 1777 empty
  ln -s f1 near; ln -s /etc/passwd far; ln -s ../../../../etc absolute; ln -s nowhere broken; ln -s self self
  ln f4 hard; mkfifo pipe; mknod zero c 1 5; mknod disk b 7 0
  printf x > "new
line"; printf x > "$(printf 'bad\\377\\\\x41')"; printf x > "$(printf 'rtl\\342\\200\\256txt')"; printf x > 'back\\slash'
  printf x > sub/deep/한글.txt; touch -d '2001-02-03 04:05:06' f5
  echo changed >> /etc/group; rm /etc/passwd.gone 2>/dev/null; rm /bin/cal`

test.each(['running', 'stopped'])('both roads tell the same of a %s container', async (state) => {
  const made = await container(wild, { HostConfig: { Binds: ['slipway-files-test:/vol'] } })
  await made.exec('echo in > /vol/inside; ln -s /vol/inside /w/tovol')
  if (state === 'stopped') await made.stop()
  const [byAgent, byApi] = [lab('agent'), lab('api')]
  for (const path of ['/w', '/w/sub', '/w/sub/deep', '/', '/etc', '/vol', '/w/absolute', '/w/../w']) {
    const [a, b] = [await list(byAgent, made, path), await list(byApi, made, path)]
    expect([a.road, b.road]).toEqual(['agent', 'api'])
    const isKernels = new Set(['proc', 'sys', 'dev'])
    const seen = (told: FileList) => told.entries.filter(({ name }) => path !== '/' || !isKernels.has(name))
    expect(seen(a), path).toEqual(seen(b))
    expect([a.path, a.removed]).toEqual([b.path, b.removed])
  }
  const root = await list(byAgent, made, '/')
  expect(root.entries.find(({ name }) => name === 'w')).toMatchObject({ change: 'added' })
  expect(root.entries.find(({ name }) => name === 'vol')).toMatchObject({ mount: { kind: 'volume' } })
  expect((await list(byAgent, made, '/bin')).removed).toEqual(['cal'])
  const names = (await list(byAgent, made, '/w')).entries.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['new\nline', 'bad\\xff\\x5cx41', 'back\\x5cslash']))
})

test.each(['running', 'stopped'])(
  'both roads tell the same of one entry of a %s container',
  async (state) => {
    const made = await container(wild)
    if (state === 'stopped') await made.stop()
    const stat = (on: Lab, path: string) => on.calls['files.stat'](place(made, path), signal)
    const [byAgent, byApi] = [lab('agent'), lab('api')]
    for (const path of ['/w', '/w/f1', '/w/near', '/w/far', '/w/broken', '/w/sub/../f5', '/']) {
      const [a, b] = [await stat(byAgent, path), await stat(byApi, path)]
      expect([a.road, b.road]).toEqual(['agent', 'api'])
      expect([a.path, a.entry], path).toEqual([b.path, b.entry])
    }
    expect((await stat(byAgent, '/w/f3')).entry).toMatchObject({ name: 'f3', uid: 1234, gid: 4321 })
    for (const on of [byAgent, byApi])
      await expect(stat(on, '/w/none')).rejects.toMatchObject({ code: 'object.not-found' })
  },
)

test.each(['running', 'stopped'])('bytes are those of docker cp: %s', async (state) => {
  const made = await container(wild, { HostConfig: { Binds: ['slipway-files-test:/vol'] } })
  await made.exec('head -c 300000 /dev/urandom > /vol/big; ln -s /vol/big /w/tovol')
  if (state === 'stopped') await made.stop()
  const [byAgent, byApi] = [lab('agent'), lab('api')]
  const paths = ['/w/f0', '/w/f1', '/w/f2', '/w/near', '/w/hard', '/w/new\nline']
  for (const path of [...paths, '/w/back\\x5cslash', '/vol/big', '/w/tovol', '/etc/hosts']) {
    const [a, b] = [await read(byAgent, place(made, path)), await read(byApi, place(made, path))]
    expect(sum(a.bytes), path).toBe(sum(b.bytes))
    expect(a.bytes.length, path).toBeGreaterThan(0)
    expect(b.road).toBe('api')
    if (path !== '/etc/hosts' || state === 'running') expect(a.road).toBe('agent')
    const range = { offset: 1, length: 5 }
    const [c, d] = [
      await read(byAgent, { ...place(made, path), ...range }),
      await read(byApi, { ...place(made, path), ...range }),
    ]
    expect(c.bytes.toString('hex')).toBe(a.bytes.subarray(1, 6).toString('hex'))
    expect(d.bytes.toString('hex')).toBe(c.bytes.toString('hex'))
  }
  const odd = place(made, '/w/bad\\xff\\x5cx41')
  expect((await read(byAgent, odd)).bytes.toString()).toBe('x')
  // The archives of older engines have no way to name it.
  if (canNameAnything()) expect((await read(byApi, odd)).bytes.toString()).toBe('x')
  else
    await expect(read(byApi, odd)).rejects.toMatchObject({
      code: 'engine.unsupported',
      facts: { what: 'agent' },
    })
  for (const on of [byAgent, byApi]) {
    for (const path of ['/w/pipe', '/w/zero', '/w/disk'])
      await expect(read(on, place(made, path))).rejects.toMatchObject({
        code: 'request.invalid',
        facts: { reason: 'special' },
      })
    await expect(read(on, place(made, '/w/broken'))).rejects.toMatchObject({ code: 'object.not-found' })
    await expect(read(on, place(made, '/w/self'))).rejects.toMatchObject({ code: 'object.not-found' })
    await expect(read(on, place(made, '/w/sub'))).rejects.toMatchObject({ facts: { reason: 'not-a-file' } })
    await expect(list(on, made, '/w/f1')).rejects.toMatchObject({ facts: { reason: 'not-a-folder' } })
  }
})

async function tarOf(on: Lab, at: ReturnType<typeof place>): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for await (const entry of tarEntries(on.files.folderTar(at, signal))) {
    const { kind, mode, uid, gid, mtimeS, link, name: bytes } = entry.header
    const name = bytes.toString('latin1').replace(/\/$/, '')
    const pieces: Buffer[] = []
    for await (const piece of entry.body()) pieces.push(Buffer.from(piece))
    found.set(name, [kind, mode, uid, gid, mtimeS, link, sum(Buffer.concat(pieces))].join(' '))
  }
  return found
}

test('a folder comes down as the same tar by both roads', async () => {
  const made = await container(wild)
  const [a, b] = [await tarOf(lab('agent'), place(made, '/w')), await tarOf(lab('api'), place(made, '/w'))]
  expect(a.size).toBeGreaterThan(35)
  expect(a).toEqual(b)
})

test.each(roads)('a volume that nobody uses is read and written: %s', async (road) => {
  const name = `slipway-files-${randomBytes(4).toString('hex')}`
  await engine.json({ method: 'POST', path: '/volumes/create', body: { Name: name } })
  const on = lab(road)
  const made = { place: { engine: id, root: { kind: 'volume' as const, id: name } } }
  try {
    expect((await list(on, made, '/')).entries).toEqual([])
    await on.calls['files.makeFolder'](place(made, '/a'), signal)
    await write(on, place(made, '/a/text'), 'one')
    expect((await read(on, place(made, '/a/text'))).bytes.toString()).toBe('one')
    const { entries, road: by } = await list(on, made, '/a')
    expect(entries).toMatchObject([{ name: 'text', sizeBytes: 3, uid: 0, mode: 0o644 }])
    expect(by).toBe(road)
  } finally {
    await on.files.close()
    await engine.json({ method: 'DELETE', path: `/volumes/${name}` })
  }
})

test('the helper of a core that was killed does not hold its volume: the next one takes it away', async () => {
  const name = `slipway-files-${randomBytes(4).toString('hex')}`
  await engine.json({ method: 'POST', path: '/volumes/create', body: { Name: name } })
  const made = { place: { engine: id, root: { kind: 'volume' as const, id: name } } }
  const remove = () => engine.json({ method: 'DELETE', path: `/volumes/${name}` })
  await list(lab('api'), made, '/')
  await expect(remove()).rejects.toMatchObject({ code: 'object.in-use' })
  lab('api').files.engineUp(engine)
  await expect.poll(remove, { timeout: 10_000 }).toBeUndefined()
})

const states = roads.flatMap((road) => ['running', 'stopped'].map((state) => ({ road, state })))
test.each(states)('files are changed: by $road, $state', async ({ road, state }) => {
  const made = await container(
    'mkdir -p /w/d; chown 7:8 /w; echo old > /w/f; chown 5:6 /w/f; chmod 4750 /w/f; ln -s f /w/l',
  )
  if (state === 'stopped') await made.stop()
  const on = lab(road)
  const { version } = await read(on, place(made, '/w/f'))
  const next = await write(on, { ...place(made, '/w/l'), version }, 'new text')
  expect(next).not.toBe(version)
  await expect(write(on, { ...place(made, '/w/f'), version }, 'lost')).rejects.toMatchObject({
    code: 'object.conflict',
    facts: { reason: 'changed' },
  })
  await write(on, place(made, '/w/f'), 'forced')
  expect((await read(on, place(made, '/w/f'))).bytes.toString()).toBe('forced')
  const items: FileUploadInput[] = [
    { kind: 'folder', path: 'up/empty' },
    { kind: 'file', path: 'up/sub/a.txt', sizeBytes: 5 },
    Buffer.from('hello'),
    { kind: 'file', path: 'f', sizeBytes: 0 },
  ]
  await expect(upload(on, place(made, '/w'), { conflict: 'fail', items })).rejects.toMatchObject({
    code: 'object.conflict',
    facts: { reason: 'taken' },
  })
  const done = await upload(on, place(made, '/w'), { conflict: 'skip', items })
  expect(done).toMatchObject({ road, skipped: expect.arrayContaining(['f']) as unknown })
  await upload(on, place(made, '/w'), { conflict: 'keep-both', items: items.slice(3) })
  const names = (await list(on, made, '/w')).entries
  expect(names.map(({ name }) => name)).toEqual(['d', 'f', 'f (2)', 'l', 'up'])
  expect(names[1]).toMatchObject({ uid: 5, gid: 6, mode: 0o4750, kind: 'file', sizeBytes: 6 })
  expect(names[2]).toMatchObject({ uid: 7, gid: 8 })
  expect((await read(on, place(made, '/w/up/sub/a.txt'))).bytes.toString()).toBe('hello')
  await expect(on.calls['files.makeFolder'](place(made, '/w/d'), signal)).rejects.toMatchObject({
    code: 'object.conflict',
  })
})

const changing = [
  { road: 'agent', state: 'running' },
  { road: 'agent', state: 'stopped' },
  { road: 'api', state: 'running' },
] as const
test.each(changing)('names are moved, removed and given modes: by $road, $state', async ({ road, state }) => {
  const made = await container('mkdir -p /w/d/e/f; echo 1 > /w/d/e/x; echo 2 > /w/y; echo 3 > /w/z')
  if (state === 'stopped') await made.stop()
  const on = lab(road)
  const rename = (from: string, to: string) => on.calls['files.rename']({ ...place(made, from), to }, signal)
  await rename('/w/y', '/w/d/moved')
  await rename('/bin/cal', '/w/cal')
  await expect(rename('/w/z', '/w/d/moved')).rejects.toMatchObject({ code: 'object.conflict' })
  await on.calls['files.chmod']({ ...place(made, '/w/z'), mode: 0o2751 }, signal)
  const plan = await on.calls['files.removalPlan'](place(made, '/w/d'), signal)
  expect(plan).toEqual({ road, files: 2, folders: 3, sizeBytes: 4, isCut: false, mounts: [] })
  expect(await on.calls['files.remove'](place(made, '/w/d'), signal)).toEqual({ road, removed: 5 })
  const { entries } = await list(on, made, '/w')
  expect(entries.map(({ name, mode }) => [name, mode.toString(8)])).toEqual([
    ['cal', '777'],
    ['z', '2751'],
  ])
  for (const path of ['/', '/w/..'])
    await expect(on.calls['files.remove'](place(made, path), signal)).rejects.toMatchObject({
      facts: { reason: 'root' },
    })
})

test.each(roads)('names are found below a folder: %s', async (road) => {
  const made = await container(
    'mkdir -p /w/a/b; touch /w/a/Needle.txt /w/a/b/needle; echo 12345 > /w/x-needle-y',
  )
  const found: string[] = []
  let last
  for await (const item of lab(road).calls['files.find'](
    { ...place(made, '/w'), name: 'needle', limit: 100 },
    context,
  )) {
    found.push(...item.found.map(({ path, sizeBytes }) => `${path} ${sizeBytes}`))
    last = item
  }
  expect(found.sort()).toEqual(['/w/a/Needle.txt 0', '/w/a/b/needle 0', '/w/x-needle-y 6'])
  expect(last).toMatchObject({ road, isDone: true, looked: 5 })
})
