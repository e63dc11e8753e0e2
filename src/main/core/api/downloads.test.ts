import { initialCreditBytes } from '../../../shared/contract/wire'
import { expect, test } from 'vitest'
import type { EngineId } from '../../../shared/model'
import { codeOf } from '../../../../testing/transports/lab'
import { downloadName } from './download-name'
import { downloadHandlers, type DownloadSources } from './downloads'

const engine = 'e' as EngineId
const context = { signal: new AbortController().signal, input: (async function* () {})() }
const image = (name: string) => ({ what: 'image' as const, engine, references: ['a:1'], name })

async function* bytes(...sizes: number[]): AsyncGenerator<Uint8Array> {
  for (const size of sizes) yield await Promise.resolve(new Uint8Array(size).fill(7))
}

function lab(sources: Partial<DownloadSources> = {}) {
  const clock = { nowMs: 1000 }
  const handlers = downloadHandlers({
    sources: {
      ...{
        image: () => bytes(10),
        logs: () => bytes(3),
        file: () => bytes(1),
        folder: () => bytes(1),
        'layer-file': () => bytes(1),
      },
      ...sources,
    },
    now: () => clock.nowMs,
  })
  const prepare = async (name = 'a.tar') => await handlers['downloads.prepare'](image(name), context.signal)
  const read = async (ticket: string): Promise<unknown[]> => {
    const items: unknown[] = []
    for await (const item of handlers['downloads.read']({ ticket }, context)) items.push(item)
    return items
  }
  return { clock, prepare, read }
}

test('a ticket opens its download once', async () => {
  const { prepare, read } = lab()
  const { ticket, name } = await prepare()
  expect(name).toBe('a.tar')
  expect(ticket).toMatch(/^[\w-]{32}$/)
  expect(await read(ticket)).toEqual([{ kind: 'head', name: 'a.tar' }, new Uint8Array(10).fill(7)])
  expect(await codeOf(read(ticket))).toBe('object.not-found')
})

test('a ticket is good for a minute', async () => {
  const { clock, prepare, read } = lab()
  const [early, late] = [await prepare(), await prepare()]
  clock.nowMs += 59_999
  expect(await read(early.ticket)).toHaveLength(2)
  clock.nowMs += 1
  expect(await codeOf(read(late.ticket))).toBe('object.not-found')
})

test('a guessed or hostile ticket opens nothing', async () => {
  const { read } = lab()
  for (const ticket of ['', '__proto__', 'constructor', 'a'.repeat(128)])
    expect(await codeOf(read(ticket))).toBe('object.not-found')
})

test('the oldest tickets make room: they cannot be heaped up', async () => {
  const { prepare, read } = lab()
  const tickets = []
  for (let n = 0; n < 150; n++) tickets.push((await prepare()).ticket)
  expect(await codeOf(read(tickets[0] ?? ''))).toBe('object.not-found')
  expect(await read(tickets.at(-1) ?? '')).toHaveLength(2)
})

test('what cannot be read fails before a file has a name', async () => {
  const { prepare, read } = lab({ image: () => Promise.reject(new Error('no such image')) })
  await expect(read((await prepare()).ticket)).rejects.toThrow('no such image')
})

test('a large chunk goes down in pieces that fit a credit', async () => {
  const { prepare, read } = lab({ image: () => bytes(200_000) })
  const [, ...chunks] = (await read((await prepare()).ticket)) as Uint8Array[]
  expect(chunks.every(({ byteLength }) => byteLength <= initialCreditBytes / 2)).toBe(true)
  expect(chunks.reduce((sum, { byteLength }) => sum + byteLength, 0)).toBe(200_000)
})

test.each([
  ['web.log', 'web.log'],
  ['../../etc/passwd', 'etc-passwd'],
  ['/etc/passwd', 'etc-passwd'],
  ['C:\\windows\\x', 'C--windows-x'],
  ['.bashrc', 'bashrc'],
  ['a\u0000b\r\nc.txt', 'a-b--c.txt'],
  ['photo\u202egpj.exe', 'photo-gpj.exe'],
  ['con', '_con'],
  ['NUL.txt', '_NUL.txt'],
  ['a"b;c=d.tar', 'a-b;c=d.tar'],
  ['name.', 'name'],
  ['half\ud800.txt', 'half-.txt'],
  ['한국어 이미지.tar', '한국어 이미지.tar'],
  ['', 'x.tar'],
  ['...', 'x.tar'],
  ['///', 'x.tar'],
])('the name %j is offered as %j', (asked, name) => {
  expect(downloadName(asked, 'x.tar')).toBe(name)
})

test('a long name keeps its extension, at most 200 bytes, and no half character', () => {
  const name = downloadName(`${'한'.repeat(250)}.tar.gz`, 'x.tar')
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200)
  expect(name).toMatch(/^한+\.tar\.gz$/u)
})
