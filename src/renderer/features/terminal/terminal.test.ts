import { expect, test } from 'vitest'
import type { ClientStream } from '../../../shared/contract'
import type { TerminalInput, TerminalItem } from '../../../shared/model'
import { Attachment, type Surface } from './attachment'
import { safeLink } from './safe-link'
import { ReplaySplit } from './split-replay'
import { plainTitle } from './titles'
import { toHex } from '../../ui/terminal-theme'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

test('the past ends in the middle of an item where it must', () => {
  const split = new ReplaySplit()
  split.begin(3)
  const { past, live } = split.split(bytes('abcde'))
  expect([past.byteLength, live.byteLength, split.isPast]).toEqual([3, 2, false])
})

test('without a count the next item is the past', () => {
  const split = new ReplaySplit()
  split.begin(undefined)
  expect(split.isPast).toBe(true)
  expect(split.split(bytes('abc')).live.byteLength).toBe(0)
  expect(split.split(bytes('d')).live.byteLength).toBe(1)
})

/** A surface that draws only when it is told to. */
function slowSurface(): Surface & { drawn: string[]; let: () => void } {
  const waiting: (() => void)[] = []
  const drawn: string[] = []
  return {
    drawn,
    let: () => waiting.shift()?.(),
    restart: ({ cols, rows }) => void drawn.push(`restart ${cols}x${rows}`),
    fit: () => void drawn.push('fit'),
    write: (data, isPast) => {
      if (data.byteLength === 0) return Promise.resolve()
      drawn.push(`${isPast ? 'past' : 'live'} ${new TextDecoder().decode(data)}`)
      return new Promise((resolve) => waiting.push(resolve))
    },
  }
}

function streamOf(
  items: readonly TerminalItem[],
): ClientStream<TerminalItem, TerminalInput> & { taken: number } {
  const stream = {
    taken: 0,
    // oxlint-disable-next-line typescript/require-await
    async *[Symbol.asyncIterator]() {
      for (const item of items) {
        stream.taken++
        yield item
      }
    },
    send: () => Promise.resolve(),
    cancel: () => undefined,
  }
  return stream
}

async function until(check: () => boolean): Promise<void> {
  for (let i = 0; i < 100 && !check(); i++) await Promise.resolve()
  expect(check()).toBe(true)
}

test('the next bytes are asked for when the last are drawn; the size is told when the past is', async () => {
  const surface = slowSurface()
  const stream = streamOf([
    { kind: 'replay', droppedBytes: 0, cols: 100, rows: 30, replayBytes: 3 },
    bytes('oldnew'),
    bytes('next'),
    { kind: 'ended', exitCode: 3 },
  ])
  let code: number | undefined
  new Attachment(() => stream, surface, {
    onLive: () => undefined,
    onEnd: (end) => (code = end.exitCode),
    onLost: () => undefined,
  })
  await until(() => surface.drawn.length === 2)
  expect(surface.drawn).toEqual(['restart 100x30', 'past old'])
  expect(stream.taken).toBe(2)
  surface.let()
  await until(() => surface.drawn.length === 4)
  expect(surface.drawn.slice(2)).toEqual(['fit', 'live new'])
  expect(stream.taken).toBe(2)
  surface.let()
  await until(() => surface.drawn.length === 5)
  expect(stream.taken).toBe(3)
  surface.let()
  await until(() => code === 3)
})

test('a stream that ends without a word is lost, not ended', async () => {
  let lost = ''
  new Attachment(() => streamOf([]), slowSurface(), {
    onLive: () => undefined,
    onEnd: () => undefined,
    onLost: (error) => (lost = error.code),
  })
  await until(() => lost === 'core.gone')
})

const refused = {
  script: 'javascript:alert(1)',
  file: 'file:///etc/passwd',
  data: 'data:text/html,x',
  'other scheme': 'ftp://host/x',
  'own scheme': 'slipway://x',
  'user in it': 'https://bank.example@evil.example/',
  'no address': 'not a url',
  'no host': 'http://',
  'endless one': `https://a.example/${'x'.repeat(5000)}`,
}

test.each(Object.entries(refused))('a link of this kind does not open: %s', (_, address) => {
  expect(safeLink(address)).toBeUndefined()
})

test('an address in another script shows what it really is', () => {
  expect(safeLink('https://аpple.com/x')?.host).toBe('xn--pple-43d.com')
  expect(safeLink('http://localhost:8080/')?.href).toBe('http://localhost:8080/')
})

test('a title is one short line of text', () => {
  expect(plainTitle('a\u0007b\n<b>\u202e evil\u200b')).toBe('a b <b> evil')
  expect([...plainTitle('😀'.repeat(5000))]).toHaveLength(80)
})

test('colours become six digits', () => {
  expect(toHex('rgb(1, 2, 255)')).toBe('#0102ff')
  expect(toHex('rgba(16, 0, 0, 0.5)')).toBe('#100000')
})

test('keys that come too late do not hide how the program ended', async () => {
  const ends: string[] = []
  let refuse = (): void => undefined
  const stream = {
    ...streamOf([bytes('x'), { kind: 'ended', exitCode: 3 }]),
    send: () => new Promise<void>((_, reject) => (refuse = () => reject(new Error('cancelled')))),
  }
  const surface = { ...slowSurface(), write: () => Promise.resolve() }
  const attachment = new Attachment(() => stream, surface, {
    onLive: () => undefined,
    onEnd: ({ exitCode }) => ends.push(`exit ${exitCode}`),
    onLost: ({ code }) => ends.push(code),
  })
  attachment.send(bytes('late'))
  await until(() => ends.length > 0)
  refuse()
  for (let i = 0; i < 10; i++) await Promise.resolve()
  expect(ends).toEqual(['exit 3'])
})
