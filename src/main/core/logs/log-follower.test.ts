import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { AppError } from '../../../shared/errors'
import type { LogItem } from '../../../shared/model'
import type { EngineClient, StreamRequest } from '../engine/engine'
import { LogFollower } from './log-follower'

const at = (n: number): string => `2026-11-21T04:08:00.${String(n).padStart(9, '0')}Z`

/** One entry of a log as the engine sends it. */
function entry(n: number, text: string): Buffer {
  const bytes = Buffer.from(`${at(n)} ${text}`)
  const head = Buffer.alloc(8)
  head[0] = 1
  head.writeUInt32BE(bytes.length, 4)
  return Buffer.concat([head, bytes])
}

/** An engine whose container runs until its log was opened some times, and whose log answers each question in turn. */
function engineWith(
  answers: readonly (Buffer | AppError | Readable)[],
  runs = 1,
): EngineClient & { asked: StreamRequest[] } {
  const asked: StreamRequest[] = []
  const engine = {
    asked,
    json: () =>
      Promise.resolve({
        ...{ Id: 'c', Config: { Tty: false }, HostConfig: { LogConfig: { Type: 'json-file' } } },
        State: { Running: asked.length < runs, ExitCode: 0 },
      }),
    stream: async (request: StreamRequest) => {
      asked.push(request)
      const answer = answers[asked.length - 1]
      await Promise.resolve()
      if (answer instanceof AppError) throw answer
      if (answer instanceof Readable) return answer
      if (!answer) throw new Error('Asked once too often')
      return Readable.from([answer], { objectMode: false })
    },
  }
  return engine as never
}

async function linesOf(engine: EngineClient, more: { tail?: number } = {}): Promise<string[]> {
  const request = { id: 'c', follow: true, timestamps: true, ...more }
  const items = new LogFollower(() => ({ engine }), request, new AbortController().signal).items()
  const lines: string[] = []
  for await (const item of items as AsyncIterable<LogItem>)
    if (item.kind === 'lines') lines.push(...item.lines)
  return lines
}

test('a line that the engine broke off at the container’s end comes whole', async () => {
  const before = entry(1, 'before\n')
  const long = [entry(2, 'a'.repeat(16_384)), entry(3, 'b'.repeat(16_384)), entry(4, 'c\n')]
  const engine = engineWith([
    Buffer.concat([before, ...long.slice(0, 1)]),
    Buffer.concat([before, ...long, entry(5, 'after\n')]),
  ])
  expect(await linesOf(engine)).toEqual(['before', `${'a'.repeat(16_384)}${'b'.repeat(16_384)}c`, 'after'])
})

test('the first line, broken off, is asked for as at first', async () => {
  const engine = engineWith([entry(1, 'be'), entry(1, 'begun\n')])
  expect(await linesOf(engine, { tail: 7 })).toEqual(['begun'])
  expect(engine.asked.map(({ query }) => query?.['tail'])).toEqual([7, 7])
})

test('what a container without a log any more has begun is told as it came', async () => {
  const gone = new AppError('object.not-found', 'No such container')
  const engine = engineWith([Buffer.concat([entry(1, 'whole\n'), entry(2, 'no newline')]), gone])
  expect(await linesOf(engine)).toEqual(['whole', 'no newline'])
})

/** A log that was begun, and broke off before a byte of it. */
const brokenOff = (): Readable =>
  new Readable({
    read() {
      this.destroy(new AppError('tunnel.lost', 'The link ended'))
    },
  })

test('a log that broke off before its first line is asked for as at first', async () => {
  const last = entry(9, 'last\n')
  const engine = engineWith([brokenOff(), last, last], 2)
  expect(await linesOf(engine, { tail: 7 })).toEqual(['last'])
  expect(engine.asked.map(({ query }) => query?.['tail'])).toEqual([7, 7, 'all'])
})

test('an empty log of a container that restarts is followed from its start, however many lines come', async () => {
  const engine = engineWith([Buffer.alloc(0), entry(1, 'first\n'), entry(1, 'first\n')], 2)
  expect(await linesOf(engine, { tail: 7 })).toEqual(['first'])
  expect(engine.asked.map(({ query }) => query?.['tail'])).toEqual([7, 'all', 'all'])
})
