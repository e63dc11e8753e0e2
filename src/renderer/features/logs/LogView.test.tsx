import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FakeClient } from '../../../../testing/window/fake-client'
import { AppError } from '../../../shared/errors'
import type { EngineId, LogItem } from '../../../shared/model'
import { takeClient } from '../../api'
import { setLanguage } from '../../i18n'
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
afterEach(cleanup)

const view = (): void => {
  render(<LogView engine={'e' as EngineId} id="c" name="web" makeModel={makeModel} />)
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
