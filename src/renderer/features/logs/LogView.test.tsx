import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { Profiler } from 'react'
import { beforeEach, expect, test } from 'vitest'
import { FakeClient } from '../../../../testing/window/fake-client'
import { AppError } from '../../../shared/errors'
import type { EngineId, LogItem, LogMatch } from '../../../shared/model'
import { takeClient } from '../../api'
import { setLanguage } from '../../i18n'
import { takeAgents } from '../../store/agents'
import { settingsStore } from '../../store/settings'
import { LogModel } from './log-model'
import { LogView } from './LogView'
import { PatternRunner } from './pattern-runner'

const makeModel = (): LogModel =>
  new LogModel({
    runner: new PatternRunner(() => {
      throw new Error('no worker here')
    }),
    onFrame: (run) => void setTimeout(run),
    breathe: () => new Promise((resolve) => setTimeout(resolve)),
  })

let core: FakeClient
const initial = settingsStore.getState()

beforeEach(async () => {
  await setLanguage('en')
  settingsStore.setState(initial, true)
  core = new FakeClient({ 'settings.setUi': () => null })
  takeClient(core.client)
})

const view = (make = makeModel): void => {
  render(<LogView engine={'e' as EngineId} id="c" name="web" makeModel={make} />)
}

const lines = (texts: readonly string[], sources = 'o'.repeat(texts.length)): LogItem => ({
  kind: 'lines',
  sources,
  lines: texts,
  times: texts.map((_, i) => `2026-11-21T04:35:3${i}.123456789Z`),
})

const rowTexts = (): string[] =>
  [...document.querySelectorAll('.log-row__text')].map((row) => row.textContent ?? '')

test('lines appear, and their markup is text', async () => {
  view()
  core.stream('containers.logs').put(lines(['\u001b[31mred\u001b[0m', '<b>bold</b><img src=x>']))
  await waitFor(() => expect(rowTexts()).toEqual(['red', '<b>bold</b><img src=x>']))
  expect(document.querySelector('.log-row b, .log-row img')).toBeNull()
})

test('the stream is asked for with the remembered choice, and anew when it changes', async () => {
  settingsStore.setState({ settings: { ...initial.settings, ui: { 'logs.settings': { tail: '100' } } } })
  view()
  expect(core.stream('containers.logs').args).toMatchObject({ engine: 'e', id: 'c', tail: 100, follow: true })
  const first = core.stream('containers.logs')
  first.put(lines(['old']))
  await waitFor(() => expect(rowTexts()).toEqual(['old']))
  fireEvent.click(screen.getByRole('button', { name: 'Reload' }))
  expect(first.isCancelled).toBe(true)
  core.stream('containers.logs').put(lines(['new']))
  await waitFor(() => expect(rowTexts()).toEqual(['new']))
})

test('timestamps are shown when wished for, with the full one on hover', async () => {
  view()
  core.stream('containers.logs').put(lines(['a']))
  await waitFor(() => expect(rowTexts()).toEqual(['a']))
  expect(document.querySelector('time')).toBeNull()
  fireEvent.click(screen.getByRole('button', { name: 'Timestamps' }))
  const time = await waitFor(() => document.querySelector('time') as HTMLElement)
  expect(time.textContent).toMatch(/^\d\d-\d\d \d\d:\d\d:30\.123$/)
  expect(time.title).toContain('123456789Z')
})

test('search marks, counts, and shows matching lines only', async () => {
  view()
  core.stream('containers.logs').put(lines(['one error', 'fine', 'another ERROR']))
  await waitFor(() => expect(rowTexts()).toHaveLength(3))
  fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'error' } })
  await waitFor(() => expect(screen.getByText('2 lines')).toBeTruthy())
  expect([...document.querySelectorAll('mark')].map((mark) => mark.textContent)).toEqual(['error', 'ERROR'])
  fireEvent.click(screen.getByRole('button', { name: 'Show matching lines only' }))
  await waitFor(() => expect(rowTexts()).toEqual(['one error', 'another ERROR']))
  fireEvent.keyDown(screen.getByRole('searchbox'), { key: 'Enter' })
  await waitFor(() => expect(screen.getByText('2 of 2 lines')).toBeTruthy())
  fireEvent.keyDown(window, { key: 'F3' })
  await waitFor(() => expect(screen.getByText('1 of 2 lines')).toBeTruthy())
})

test('the log’s keys mean their letters on a Korean keyboard too', async () => {
  view()
  core.stream('containers.logs').put(lines(['one', 'two']))
  await waitFor(() => expect(rowTexts()).toHaveLength(2))
  fireEvent.keyDown(screen.getByRole('log'), { key: 'ㅁ', code: 'KeyA', ctrlKey: true })
  expect(document.querySelectorAll('.log-row--selected')).toHaveLength(2)
  fireEvent.keyDown(window, { key: 'ㄹ', code: 'KeyF', ctrlKey: true })
  expect(document.activeElement).toBe(screen.getByRole('searchbox'))
})

test('a bad expression says why', async () => {
  view()
  fireEvent.click(screen.getByRole('button', { name: 'Regular expression' }))
  fireEvent.change(screen.getByRole('searchbox'), { target: { value: '(' } })
  await waitFor(() =>
    expect(screen.getByRole('alert').textContent).toMatch(/Not a valid expression: .*group/i),
  )
})

test('a break, a return and an end are said in words', async () => {
  view()
  const error = { code: 'engine.unreachable' as const, message: '', facts: {} }
  core
    .stream('containers.logs')
    .put({ kind: 'break', error }, { kind: 'resumed' }, { kind: 'ended', exitCode: 137 })
  await waitFor(() => expect(screen.getByText(/exit code 137/)).toBeTruthy())
  expect(screen.getByText(/Connection to the engine lost: The engine does not answer/)).toBeTruthy()
  expect(screen.getByText(/The engine is back/)).toBeTruthy()
})

test('a silent container that ended says that it wrote nothing', async () => {
  view()
  core.stream('containers.logs').end()
  await waitFor(() => expect(screen.getByText('This container wrote nothing')).toBeTruthy())
})

test('a log that cannot be read says why and can be tried again', async () => {
  let isFailing = true
  takeClient({
    ...core.client,
    stream: (name, args) => {
      if (isFailing && name === 'containers.logs')
        throw new AppError('object.not-found', '', { facts: { name: 'web' } })
      return core.client.stream(name, args)
    },
  })
  view()
  await waitFor(() => expect(screen.getByText('It is no longer there')).toBeTruthy())
  isFailing = false
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
  core.stream('containers.logs').put(lines(['back']))
  await waitFor(() => expect(rowTexts()).toEqual(['back']))
})

test('clearing empties the view and the stream goes on', async () => {
  view()
  core.stream('containers.logs').put(lines(['old']))
  await waitFor(() => expect(rowTexts()).toEqual(['old']))
  fireEvent.click(screen.getByRole('button', { name: 'Clear view' }))
  await waitFor(() => expect(screen.getByText('View cleared')).toBeTruthy())
  core.stream('containers.logs').put(lines(['new']))
  await waitFor(() => expect(rowTexts()).toEqual(['new']))
})

test('a long line is cut, opens on demand, and says what core cut', async () => {
  view()
  core.stream('containers.logs').put({
    ...(lines(['x'.repeat(5000)]) as LogItem & { kind: 'lines' }),
    cut: [{ index: 0, bytes: 20_000_000 }],
  })
  const more = await waitFor(() => screen.getByRole('button', { name: '… 904 B more' }))
  fireEvent.click(more)
  await waitFor(() => expect(screen.getByText(/the whole line has 20 MB/)).toBeTruthy())
  expect(rowTexts()[0]).toContain('x'.repeat(5000))
})

test('leaving ends the stream', async () => {
  view()
  const stream = core.stream('containers.logs')
  cleanup()
  await waitFor(() => expect(stream.isCancelled).toBe(true))
})

test('the words change with the language', async () => {
  await setLanguage('ko')
  view()
  expect(screen.getByRole('searchbox').getAttribute('aria-label')).toBe('로그에서 검색')
  await setLanguage('en')
})

const match = (line: number, text: string, time: string): LogMatch => ({
  ...{ line, text, time, source: 'stdout', start: 0, end: 4, hits: 1 },
})

async function searchWhole(): Promise<void> {
  const features = ['logs.search']
  const running = { kind: 'running', road: 'child', version: 'v', features, sinceMs: 1 } as const
  takeAgents([{ engine: 'e' as EngineId, state: running }])
  settingsStore.setState({ settings: { ...initial.settings, ui: { 'logs.settings': { isWhole: true } } } })
  view()
  core.stream('containers.logs').put(lines(['find me']))
  await waitFor(() => expect(rowTexts()).toEqual(['find me']))
  fireEvent.change(screen.getByRole('searchbox', { name: 'Search in logs' }), { target: { value: 'find' } })
  await waitFor(() => core.stream('containers.searchLogs'))
}

test('without an agent there is no search of the whole log', () => {
  takeAgents([])
  view()
  expect(screen.queryByRole('button', { name: 'Search the whole log' })).toBeNull()
})

test('the whole log is searched; a match that is not in view is loaded with what is around it', async () => {
  await searchWhole()
  const search = core.stream('containers.searchLogs')
  expect(search.args).toMatchObject({ engine: 'e', id: 'c', pattern: 'find', isRegex: false })
  const far = match(3, 'find far', '2026-11-20T10:00:00.000000001Z')
  search.put({ matches: [far], lines: 9, matchingLines: 2, hits: 3, isDone: true })
  search.end()
  await waitFor(() => expect(screen.getByText(/2 lines of 9 in the whole log, 3 hits/)).toBeTruthy())
  expect(screen.getByText('The first 1 are shown.')).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: /far/ }))
  const around = { since: Date.parse(far.time) / 1000 - 5, until: Date.parse(far.time) / 1000 + 5 }
  await waitFor(() => expect(core.stream('containers.logs').args).toMatchObject({ ...around, follow: false }))
  expect(core.stream('containers.logs').args).not.toHaveProperty('tail')
  core.stream('containers.logs').put({ kind: 'lines', sources: 'o', lines: ['find far'], times: [far.time] })
  await waitFor(() => expect(document.querySelector('.log-row--current')?.textContent).toContain('find far'))
})

test('a match in view is gone to, and nothing is loaded for it', async () => {
  await searchWhole()
  const search = core.stream('containers.searchLogs')
  const near = match(0, 'find me', '2026-11-21T04:35:30.123456789Z')
  search.put({ matches: [near], lines: 1, matchingLines: 1, hits: 1, isDone: true })
  await waitFor(() => screen.getByText(/1 line of 1 in the whole log/))
  fireEvent.click(within(screen.getByRole('region', { name: 'Found in the whole log' })).getByRole('button'))
  await waitFor(() => expect(document.querySelector('.log-row--current')?.textContent).toContain('find me'))
  expect(core.streams.filter(({ name }) => name === 'containers.logs')).toHaveLength(1)
})

test('a row that stays is not drawn anew for a line that comes', async () => {
  const drawn: number[] = []
  view(() => {
    const model = makeModel()
    const lineOf = model.ring.line.bind(model.ring)
    model.ring.line = (seq) => (drawn.push(seq), lineOf(seq))
    return model
  })
  const stream = core.stream('containers.logs')
  stream.put(lines(['a', 'b']))
  await waitFor(() => expect(rowTexts()).toEqual(['a', 'b']))
  stream.put(lines(['c']))
  await waitFor(() => expect(rowTexts()).toEqual(['a', 'b', 'c']))
  expect(drawn).toEqual([0, 1, 2])
})

test('a log that is followed is not drawn anew because drawing it scrolled', async () => {
  const model = makeModel()
  let drawings = 0
  render(
    <Profiler id="log" onRender={() => drawings++}>
      <LogView engine={'e' as EngineId} id="c" name="web" makeModel={() => model} />
    </Profiler>,
  )
  core.stream('containers.logs').put(lines(['a', 'b']))
  await waitFor(() => expect(rowTexts()).toEqual(['a', 'b']))
  const before = drawings
  fireEvent.scroll(screen.getByRole('log'))
  expect(drawings).toBe(before)
})

test('who scrolled up a moment ago is left there by the lines that come before the browser tells it', async () => {
  view()
  const stream = core.stream('containers.logs')
  const list = screen.getByRole('log')
  // No layout here: 100 px are seen of 900.
  Object.defineProperties(list, {
    scrollHeight: { value: 900 },
    clientHeight: { value: 100 },
    scrollTop: { value: 0, writable: true },
  })
  stream.put(lines(['a']))
  await waitFor(() => expect(list.scrollTop).toBe(900))
  list.scrollTop = 800
  fireEvent.scroll(list)
  stream.put(lines(['b']))
  await waitFor(() => expect(list.scrollTop).toBe(900))
  list.scrollTop = 40
  stream.put(lines(['c']))
  await waitFor(() => expect(rowTexts()).toContain('c'))
  expect(list.scrollTop).toBe(40)
})
