import { createHash, randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import { AppError } from '../../src/shared/errors'
import { initialCreditBytes } from '../../src/shared/contract/wire'
import type { LogItem } from '../../src/shared/model'
import { codeOf, until } from './lab'
import type { Fact } from './suite'

const ref = { engine: 'e', id: 'c' }
const attach = { session: 's' }
const load = { engine: 'e', name: 'x.tar' }
const line = (text: string): LogItem => text as unknown as LogItem
async function* lazily<T>(make: () => Iterable<T>): AsyncGenerator<T> {
  for (const item of make()) yield await Promise.resolve(item)
}
const sha256 = (...parts: Uint8Array[]): string => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

export const streamFacts: readonly Fact[] = [
  [
    'a stream is drained to its end, in order',
    async (lab) => {
      lab.handlers['containers.logs'] = () =>
        lazily(function* () {
          for (let n = 0; n < 20_000; n++) yield line(`line ${n}`)
        })
      let next = 0
      for await (const item of (await lab.client()).stream('containers.logs', ref)) {
        expect(item).toBe(`line ${next}`)
        next++
      }
      expect(next).toBe(20_000)
    },
  ],
  [
    'a reader that stops bounds the producer, and gets all when it goes on',
    async (lab) => {
      let made = 0
      const text = 'x'.repeat(1000)
      lab.handlers['containers.logs'] = () =>
        lazily(function* () {
          for (; made < 5000; made++) yield line(text)
        })
      const client = await lab.client()
      const reader = client.stream('containers.logs', ref)[Symbol.asyncIterator]()
      await reader.next()
      lab.handlers['app.info'] = () => null as never
      // Each answered call is proof that what was on the road before it has arrived.
      await until(() => made >= initialCreditBytes / 1000 - 1, 'the credit is spent')
      for (let n = 0; n < 20; n++) await client.call('app.info', {}).catch(() => null)
      expect(made).toBeLessThan((initialCreditBytes * 1.5) / 1000)
      let got = 1
      while (!(await reader.next()).done) got++
      expect(got).toBe(5000)
    },
  ],
  [
    'one item larger than the whole credit passes',
    async (lab) => {
      const large = 'y'.repeat(initialCreditBytes * 4)
      lab.handlers['containers.logs'] = () =>
        lazily(function* () {
          for (let n = 0; n < 3; n++) yield line(large)
        })
      const lengths: number[] = []
      for await (const item of (await lab.client()).stream('containers.logs', ref))
        lengths.push((item as unknown as string).length)
      expect(lengths).toEqual([large.length, large.length, large.length])
    },
  ],
  [
    'leaving a stream stops its handler',
    async (lab) => {
      let isDone = false
      lab.handlers['containers.logs'] = async function* (_args, { signal }) {
        try {
          while (!signal.aborted) {
            yield line('x')
            await new Promise((resolve) => setImmediate(resolve))
          }
        } finally {
          isDone = true
        }
      }
      for await (const item of (await lab.client()).stream('containers.logs', ref)) if (item) break
      await until(() => isDone, 'the handler has cleaned up')
      expect(lab.bugs).toEqual([])
    },
  ],
  [
    'a failing stream hands out what came before, then its error',
    async (lab) => {
      lab.handlers['containers.logs'] = () =>
        lazily(function* () {
          yield line('one')
          throw new AppError('engine.unreachable', 'Gone')
        })
      const got: unknown[] = []
      const read = async (): Promise<void> => {
        for await (const item of client.stream('containers.logs', ref)) got.push(item)
      }
      const client = await lab.client()
      expect(await codeOf(read())).toBe('engine.unreachable')
      expect(got).toEqual(['one'])
    },
  ],
  [
    'a stream whose connection ends fails with core.gone, and its handler is aborted',
    async (lab) => {
      let isAborted = false
      lab.handlers['containers.logs'] = async function* (_args, { signal }) {
        signal.addEventListener('abort', () => (isAborted = true))
        yield line('one')
        await until(() => signal.aborted, 'the stream is aborted')
      }
      const client = await lab.client()
      const reader = client.stream('containers.logs', ref)[Symbol.asyncIterator]()
      await reader.next()
      const next = codeOf(reader.next())
      client.close()
      expect(await next).toBe('core.gone')
      await until(() => isAborted, 'the handler is aborted')
    },
  ],
  [
    'bytes go both ways unchanged',
    async (lab) => {
      lab.handlers['terminal.attach'] = async function* (_args, { input }) {
        for await (const part of input) yield part as Uint8Array
      }
      const terminal = (await lab.client()).stream('terminal.attach', attach)
      const sent = Array.from({ length: 40 }, (_, n) => new Uint8Array(randomBytes(n * 2111)))
      const sending = Promise.all(sent.map((part) => terminal.send(part)))
      const got: Uint8Array[] = []
      for await (const part of terminal) {
        expect(part).toBeInstanceOf(Uint8Array)
        got.push(part as Uint8Array)
        if (got.length === sent.length) break
      }
      await sending
      expect(got.map((part) => part.byteLength)).toEqual(sent.map((part) => part.byteLength))
      expect(sha256(...got)).toBe(sha256(...sent))
    },
  ],
  [
    'an upload waits for its reader and arrives whole',
    async (lab) => {
      let read = 0
      let isHeld = true
      const parts: Uint8Array[] = []
      lab.handlers['images.load'] = async function* (_args, { input }) {
        for await (const part of input) {
          if (!(part instanceof Uint8Array)) break
          await until(() => !isHeld, 'reading may go on')
          parts.push(part)
          read += part.byteLength
        }
        yield { kind: 'loaded', references: [String(read)] }
      }
      const upload = (await lab.client()).stream('images.load', load)
      const chunk = new Uint8Array(randomBytes(65_536))
      let sent = 0
      const sending = (async () => {
        for (let n = 0; n < 64; n++) {
          await upload.send(chunk)
          sent += chunk.byteLength
        }
        await upload.send({ end: true })
      })()
      await until(() => sent >= initialCreditBytes, 'the credit is spent')
      for (let n = 0; n < 20; n++) await new Promise((resolve) => setImmediate(resolve))
      expect(sent).toBe(initialCreditBytes)
      isHeld = false
      const ends = []
      for await (const item of upload) ends.push(item)
      await sending
      expect(ends).toEqual([{ kind: 'loaded', references: [String(64 * 65_536)] }])
      expect(sha256(...parts)).toBe(sha256(...Array.from({ length: 64 }, () => chunk)))
    },
  ],
  [
    'an upload is told when its stream ends early',
    async (lab) => {
      lab.handlers['images.load'] = async function* (_args, { input }) {
        for await (const part of input) if (part) throw new AppError('image.damaged', 'No tar')
        yield { kind: 'loaded', references: [] }
      }
      const upload = (await lab.client()).stream('images.load', load)
      const send = async (): Promise<void> => {
        for (;;) await upload.send(new Uint8Array(65_536))
      }
      expect(await codeOf(send())).toBe('image.damaged')
    },
  ],
  [
    'wrong input fails its own stream only',
    async (lab) => {
      lab.handlers['terminal.attach'] = async function* (_args, { input }) {
        for await (const part of input) yield part as Uint8Array
      }
      const client = await lab.client()
      const [bad, good] = [client.stream('terminal.attach', attach), client.stream('terminal.attach', attach)]
      await bad.send({ cols: -1, rows: 10 })
      expect(await codeOf(bad[Symbol.asyncIterator]().next())).toBe('input.invalid')
      await good.send(new Uint8Array([7]))
      expect((await good[Symbol.asyncIterator]().next()).value).toEqual(new Uint8Array([7]))
    },
  ],
]
