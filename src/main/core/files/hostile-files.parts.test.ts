import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Duplex } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import { agentBinary } from '../../../../testing/agent/agent-binary'
import {
  container,
  engine,
  lab,
  list,
  place,
  read,
  roads,
  signal,
  sum,
  write,
} from '../../../../testing/files/file-lab'
import type { FileList, FileUploadInput } from '../../../shared/model'
import { connectAgent, type AgentClient } from '../agent/agent-client'
import { childRoad } from '../agent/road'

/** A tree of the host that no container was given. Nothing in it may be read or changed. */
async function canary(): Promise<{ readonly folder: string; readonly secret: string }> {
  const folder = await mkdtemp('/tmp/slipway-canary-')
  onTestFinished(() => rm(folder, { recursive: true }))
  const secret = randomBytes(16).toString('hex')
  await writeFile(join(folder, 'file'), secret)
  return { folder, secret }
}

test.each(['running', 'stopped'])('no link leads to the host: %s', async (state) => {
  const { folder, secret } = await canary()
  const made = await container(`
    mkdir /w; ln -s ${folder} /w/dir; ln -s ${folder}/file /w/file; ln -s /proc/1/root /w/magic
    ln -s ../../../../../../../..${folder} /w/up; ln -s / /w/root; mkdir -p /w/keep; ln -s ${folder} /w/keep/link`)
  if (state === 'stopped') await made.stop()
  for (const road of roads) {
    const on = lab(road)
    for (const path of [
      '/w/dir/file',
      '/w/file',
      '/w/up/file',
      `/w/root${folder}/file`,
      `/../..${folder}/file`,
    ])
      await expect(read(on, place(made, path)), path).rejects.toMatchObject({ code: 'object.not-found' })
    for (const path of ['/w/dir/new', '/w/file', '/w/up/new', `/../..${folder}/new`])
      await expect(write(on, place(made, path), 'evil'), path).rejects.toMatchObject({ name: 'AppError' })
    await expect(list(on, made, '/w/dir')).rejects.toMatchObject({ code: 'object.not-found' })
  }
  await lab('agent').calls['files.remove'](place(made, '/w/keep'), signal)
  expect(await readdir(folder)).toEqual(['file'])
  expect(await readFile(join(folder, 'file'), 'utf8')).toBe(secret)
})

test('what never ends or is huge is bounded; kernel files are read and never written', async () => {
  const made = await container('mkdir /w; truncate -s 10G /w/sparse; mkfifo /w/pipe; echo x > /w/x')
  const on = lab('agent')
  const { bytes } = await read(on, { ...place(made, '/w/sparse'), offset: 9_000_000_000, length: 100_000 })
  expect(bytes.equals(Buffer.alloc(100_000))).toBe(true)
  const mounts = await read(on, place(made, '/proc/1/mounts'))
  expect(mounts.bytes.toString()).toContain('overlay / ')
  expect((await read(on, place(made, '/proc/1/maps'))).bytes.length).toBeLessThanOrEqual(1024 * 1024)
  for (const path of ['/proc/kmsg', '/proc/sys/kernel/hostname', '/proc/sysrq-trigger']) {
    const wrote = write(on, place(made, path), 'evil')
    await expect(wrote, path).rejects.toMatchObject({ code: 'request.invalid' })
  }
  for (const path of ['/proc/1/mem', '/proc/kcore'])
    expect((await read(on, place(made, path)).catch(() => ({ bytes: [] }))).bytes.length).toBeLessThanOrEqual(
      2 ** 20,
    )
  await expect(on.calls['files.remove'](place(made, '/proc'), signal)).rejects.toMatchObject({
    facts: { reason: 'mount' },
  })
  await expect(on.calls['files.remove'](place(made, '/dev'), signal)).rejects.toMatchObject({
    facts: { reason: 'mount' },
  })
})

test('what is mounted stays when the folder around it is removed', async () => {
  const volume = `slipway-canary-${randomBytes(4).toString('hex')}`
  onTestFinished(() => engine.json({ method: 'DELETE', path: `/volumes/${volume}`, query: { force: true } }))
  const made = await container('echo precious > /w/v/file; ln -s /w /l', {
    HostConfig: { Binds: [`${volume}:/w/v`] },
  })
  const refusal = { code: 'request.invalid', facts: { reason: 'mount' } }
  for (const road of roads)
    for (const path of ['/w', '/w/v', '/l/v', '/l/../w'])
      await expect(lab(road).calls['files.remove'](place(made, path), signal), path).rejects.toMatchObject(
        refusal,
      )
  expect((await lab('agent').calls['files.removalPlan'](place(made, '/w'), signal)).mounts).toEqual(['/w/v'])
  await made.stop()
  await expect(lab('agent').calls['files.remove'](place(made, '/w'), signal)).rejects.toMatchObject(refusal)
  expect((await read(lab('agent'), place(made, '/w/v/file'))).bytes.toString()).toBe('precious\n')
})

test('a container that starts and stops all the time is shown, or it is said why not', async () => {
  const made = await container('[ -e /w ] || { mkdir /w; echo here > /w/file; }')
  await made.stop()
  const path = `/containers/${made.place.root.id}`
  let isOver = false
  const flapping = (async () => {
    while (!isOver) {
      await engine.json({ method: 'POST', path: `${path}/start`, timeoutMs: 60_000 })
      await engine.json({ method: 'POST', path: `${path}/kill`, timeoutMs: 60_000 }).catch(() => undefined)
    }
  })()
  const on = lab('agent')
  try {
    for (let n = 0; n < 40; n++) {
      const told = await list(on, made, '/w')
      expect(told.entries).toMatchObject([{ name: 'file', sizeBytes: 5 }])
      expect((await read(on, place(made, '/w/file'))).bytes.toString()).toBe('here\n')
    }
  } finally {
    isOver = true
    await flapping
  }
}, 180_000)

test('a container that starts in the middle of an upload is not written to behind its back', async () => {
  const made = await container('[ -e /w ] || mkdir /w')
  await made.stop()
  const on = lab('agent')
  async function* input(): AsyncGenerator<FileUploadInput> {
    yield { kind: 'file', path: 'first', sizeBytes: 1 }
    yield Buffer.from('1')
    yield { kind: 'file', path: 'second', sizeBytes: 1 }
    yield Buffer.from('2')
    // The first file is finished when the second begins.
    await expect
      .poll(async () => (await list(on, made, '/w')).entries.map(({ name }) => name))
      .toContain('first')
    await engine.json({ method: 'POST', path: `/containers/${made.place.root.id}/start`, timeoutMs: 60_000 })
    yield { kind: 'end' }
  }
  const args = { ...place(made, '/w'), conflict: 'fail', name: 'some', totalBytes: undefined } as const
  const sending = (async () => {
    for await (const item of on.calls['files.upload'](args, { signal, input: input() as never })) return item
    throw new Error('nothing came')
  })()
  await expect(sending).rejects.toMatchObject({ code: 'object.conflict', facts: { reason: 'state' } })
  expect((await list(on, made, '/w')).entries.map(({ name }) => name)).toEqual(['first'])
  await write(on, place(made, '/w/second'), '2')
  expect(await made.exec('cat /w/first /w/second')).toContain('12')
})

/** An agent whose road breaks after so many more bytes came down, in the middle of a frame or between two. */
async function mortalAgent(bytes: number): Promise<{ agent: AgentClient; isDead: () => boolean }> {
  const road = await childRoad(agentBinary()).open(signal)
  let left = Infinity
  const broken = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _, done) => void road.write(chunk, done),
    destroy: (error, done) => {
      road.destroy()
      done(error)
    },
  })
  road.on('data', (chunk: Buffer) => {
    const piece = chunk.subarray(0, left)
    left -= piece.length
    broken.push(piece)
    if (left === 0) broken.destroy()
  })
  road.on('close', () => broken.destroy())
  const mortal = await connectAgent(broken)
  onTestFinished(() => mortal.close())
  left = bytes
  return { agent: mortal, isDead: () => left === 0 }
}

test('an agent that dies at any moment leaves a clear word or the engine’s own answer', async () => {
  const made = await container('mkdir /w; head -c 20000000 /dev/urandom > /w/big; echo old > /w/text')
  const api = lab('api')
  const namesOf = ({ entries }: FileList): string[] => entries.map(({ name, kind }) => `${kind} ${name}`)
  const names = namesOf(await list(api, made, '/'))
  const whole = sum((await read(api, place(made, '/w/big'))).bytes)
  const textNow = async (): Promise<string> => (await read(api, place(made, '/w/text'))).bytes.toString()
  const outcomes = new Set<string>()
  for (const bytes of [1, 30, 300, 3_000, 300_000, 10_000_000, 19_999_999, Infinity]) {
    const { agent: mortal, isDead } = await mortalAgent(bytes)
    const on = lab('agent', () => mortal)
    const before = await textNow()
    const text = `new ${bytes}`
    const [listed, big, wrote] = await Promise.allSettled([
      list(on, made, '/'),
      read(on, place(made, '/w/big')),
      write(on, place(made, '/w/text'), text),
    ])
    expect(isDead(), `${bytes} bytes`).toBe(bytes < Infinity)
    for (const one of [listed, big, wrote]) {
      outcomes.add(one.status)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'engine.unreachable' })
    }
    if (listed.status === 'fulfilled') expect(namesOf(listed.value)).toEqual(names)
    if (big.status === 'fulfilled') expect([sum(big.value.bytes), bytes]).toEqual([whole, bytes])
    if (big.status === 'fulfilled') outcomes.add(`by the ${big.value.road}`)
    // The word that it was written may be what was lost.
    expect(wrote.status === 'fulfilled' ? [text] : [before, text]).toContain(await textNow())
  }
  expect([...outcomes].sort()).toEqual(['by the agent', 'by the api', 'fulfilled', 'rejected'])
})
