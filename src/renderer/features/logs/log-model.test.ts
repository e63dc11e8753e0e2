import { expect, test } from 'vitest'
import type { LogItem } from '../../../shared/model'
import type { ClientStream } from '../../../shared/contract'
import { linesAsText } from './copy-lines'
import { type LogFilter, LogModel } from './log-model'
import { boundsOf } from './log-range'
import { newerThan, readLogs, type LogState } from './log-stream'
import { type PatternWorker, PatternRunner } from './pattern-runner'

const noWorker = (): PatternWorker => {
  throw new Error('no worker here')
}

/** A model whose frames are drawn by hand. */
function byHand(capacityBytes?: number): { model: LogModel; frame: () => void } {
  let asked: (() => void)[] = []
  const model = new LogModel({
    runner: new PatternRunner(noWorker),
    onFrame: (run) => void asked.push(run),
    breathe: () => Promise.resolve(),
    ...(capacityBytes !== undefined && { capacityBytes }),
  })
  const frame = (): void => {
    const now = asked
    asked = []
    for (const run of now) run()
  }
  return { model, frame }
}

const lines = (
  texts: readonly string[],
  sources = 'o'.repeat(texts.length),
): LogItem & { kind: 'lines' } => ({
  kind: 'lines',
  sources,
  lines: texts,
  times: [],
})

const filter = (text: string, more: Partial<LogFilter> = {}): LogFilter => ({
  query: { text, isRegex: false, matchCase: false },
  source: 'all',
  isMatchesOnly: false,
  ...more,
})

const shown = (model: LogModel): string[] =>
  Array.from({ length: model.rows.length }, (_, i) => model.ring.textOf(model.rows.seqAt(i) as number))

async function settle(model: LogModel, frame: () => void): Promise<void> {
  do {
    await Promise.resolve()
    frame()
  } while (model.search.isScanning)
  frame()
}

test('what came between two frames is told once', async () => {
  const { model, frame } = byHand()
  let told = 0
  model.onChanged(() => told++)
  await model.append(lines(['a']))
  await model.append(lines(['b', 'c']))
  expect(told).toBe(0)
  frame()
  expect(told).toBe(1)
  expect(shown(model)).toEqual(['a', 'b', 'c'])
})

test('a window that draws no frames stops the source', async () => {
  const { model, frame } = byHand()
  let isTaken = false
  const taking = model.append(lines(Array.from({ length: 10_000 }, () => 'x'))).then(() => (isTaken = true))
  await Promise.resolve()
  await Promise.resolve()
  expect(isTaken).toBe(false)
  frame()
  await taking
  expect(isTaken).toBe(true)
})

const flood = lines(Array.from({ length: 250 }, () => 'x'))

test('a flood is told in one frame of four, and its last lines with the first frame that brings none', async () => {
  const { model, frame } = byHand()
  const told: number[] = []
  model.onChanged(() => told.push(model.rows.length))
  for (let i = 0; i < 6; i++) {
    await model.append(flood)
    frame()
  }
  expect(told).toEqual([250, 5 * 250])
  frame()
  expect(told).toEqual([250, 5 * 250, 6 * 250])
  await model.append(lines(['a']))
  frame()
  expect(told.at(-1)).toBe(6 * 250 + 1)
})

test('a frame of a flood that is not told lets the source go on', async () => {
  const { model, frame } = byHand()
  await model.append(flood)
  frame()
  let told = 0
  model.onChanged(() => told++)
  const taking = model.append(lines(Array.from({ length: 10_000 }, () => 'x')))
  frame()
  await taking
  expect(told).toBe(0)
})

test('a filter shows one stream and the marks', async () => {
  const { model, frame } = byHand()
  await model.append(lines(['out', 'err'], 'oe'))
  model.mark({ kind: 'ended', exitCode: 0 })
  frame()
  model.setFilter(filter('', { source: 'stderr' }))
  expect(shown(model)).toEqual(['err', ''])
  await model.append(lines(['more', 'worse'], 'oe'))
  frame()
  expect(shown(model)).toEqual(['err', '', 'worse'])
})

test('a search sees text without colours, and follows what comes', async () => {
  const { model, frame } = byHand()
  await model.append(lines(['\u001b[31mER\u001b[0mROR one', 'fine', 'error two']))
  frame()
  model.setFilter(filter('error', { isMatchesOnly: true }))
  await settle(model, frame)
  expect(model.search.matches.length).toBe(2)
  expect(model.search.rangesOf(0)).toEqual([0, 5])
  await model.append(lines(['no', 'an error']))
  await settle(model, frame)
  expect(shown(model)).toEqual(['\u001b[31mER\u001b[0mROR one', 'error two', 'an error'])
})

test('dropped lines leave rows and matches, and are counted', async () => {
  const { model, frame } = byHand(5000)
  model.setFilter(filter('x'))
  for (let i = 0; i < 100; i++) await model.append(lines([`x ${i} ${'y'.repeat(100)}`]))
  await settle(model, frame)
  expect(model.ring.dropped).toBeGreaterThan(50)
  expect(model.rows.length).toBe(model.ring.length)
  expect(model.rows.seqAt(0)).toBe(model.ring.first)
  expect(model.search.matches.length).toBe(model.ring.length)
  expect(model.rows.heights.length).toBe(model.rows.length)
})

test('a bad expression is a problem, not a crash', () => {
  const { model } = byHand()
  model.setFilter({ ...filter('('), query: { text: '(', isRegex: true, matchCase: false } })
  expect(model.search.problem?.kind).toBe('bad-pattern')
})

test('clearing shows only what comes after', async () => {
  const { model, frame } = byHand()
  await model.append(lines(['old']))
  model.clear()
  await model.append(lines(['new']))
  frame()
  expect(shown(model)).toEqual(['new'])
})

test('copied lines are those shown, without colours and marks', async () => {
  const { model, frame } = byHand()
  await model.append(lines(['\u001b[1ma\u001b[0m', 'b', 'c'], 'oeo'))
  model.mark({ kind: 'resumed' })
  frame()
  model.setFilter(filter('', { source: 'stdout' }))
  expect(linesAsText(model, { anchor: 3, head: 0 }, false)).toBe('a\nc')
})

function streamOf(items: readonly LogItem[]): ClientStream<LogItem> {
  return {
    // oxlint-disable-next-line typescript/require-await
    async *[Symbol.asyncIterator]() {
      yield* items
    },
    send: () => Promise.resolve(),
    cancel: () => undefined,
  }
}

test('a break, a return and the end become marks, and states', async () => {
  const { model, frame } = byHand()
  const states: LogState['kind'][] = []
  const error = { code: 'engine.unreachable' as const, message: '', facts: {} }
  const ended = new Promise<void>((resolve) =>
    readLogs({
      open: () =>
        streamOf([
          lines(['a']),
          { kind: 'break', error },
          { kind: 'resumed' },
          lines(['b']),
          { kind: 'ended', exitCode: 137 },
        ]),
      args: { engine: 'e', id: 'c' },
      model,
      onState: (state) => {
        states.push(state.kind)
        if (states.filter((kind) => kind === 'ended').length === 2) resolve()
      },
    }),
  )
  await ended
  frame()
  expect(states).toEqual(['opening', 'live', 'broken', 'live', 'live', 'ended', 'ended'])
  expect(model.ring.line(4)?.mark).toEqual({ kind: 'ended', exitCode: 137 })
})

test('a log that is read has one state, however many items come', async () => {
  const { model } = byHand()
  const states: LogState[] = []
  await new Promise<void>((resolve) =>
    readLogs({
      open: () => streamOf([lines(['a']), lines(['b'])]),
      args: { engine: 'e', id: 'c' },
      model,
      onState: (state) => (states.push(state), state.kind === 'ended' && resolve()),
    }),
  )
  expect(states).toHaveLength(4)
  expect(states[2]).toBe(states[1])
})

test('lines that were seen before a restart are not shown twice', () => {
  const batch = {
    sources: 'oeo',
    lines: ['a', 'b', 'c'],
    times: ['1', '2', '3'],
    cut: [{ index: 2, bytes: 9 }],
  }
  expect(newerThan(batch, '2')).toEqual({
    sources: 'o',
    lines: ['c'],
    times: ['3'],
    cut: [{ index: 0, bytes: 9 }],
  })
  expect(newerThan(batch, '0')).toBe(batch)
})

test('ranges become seconds, and one that ends before it begins says so', () => {
  expect(boundsOf({ preset: '5m', since: '', until: '' }, 600_000)).toEqual({
    since: 300,
    isBackwards: false,
  })
  const custom = boundsOf({ preset: 'custom', since: '2026-01-01T10:00', until: '2026-01-01T09:00' }, 0)
  expect(custom.isBackwards).toBe(true)
})
