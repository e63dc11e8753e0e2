import { render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { FakeClient } from '../../../../testing/window/fake-client'
import { AppError, toWire } from '../../../shared/errors'
import { checkNames, checkStates, type Check } from '../../../shared/model'
import { takeClient } from '../../api'
import { setLanguage, translate } from '../../i18n'
import { checkWords } from './check-words'
import { DiagnosticsPage } from './DiagnosticsPage'

const user = userEvent.setup()
const error = toWire(
  new AppError('engine.forbidden', 'No', { facts: { address: '/run/docker.sock', group: 'docker' } }),
)
const lost: Check = {
  ...{ name: 'engine', state: 'bad', subject: 'Local', facts: { address: '/run/docker.sock' } },
  ...{ message: 'x', error, mend: 'sudo usermod -aG docker me' },
}
const room: Check = {
  ...{ name: 'free-space', state: 'good', subject: '/data', message: 'x' },
  facts: { path: '/data', freeBytes: 5e9, totalBytes: 9e9 },
}
let core: FakeClient
let checks: Check[]

beforeEach(async () => {
  await setLanguage('en')
  checks = [lost, room]
  core = new FakeClient({ 'diagnostics.run': () => ({ atMs: Date.now(), checks }) })
  takeClient(core.client)
})

test('what is broken stands first, with its reason and the command that mends it', async () => {
  render(<DiagnosticsPage />)
  expect(await screen.findByText('1 thing needs a look. The worst stands first.')).toBeTruthy()
  const [first, second] = screen.getAllByRole('listitem')
  expect(within(first as HTMLElement).getByRole('img', { name: 'Broken' })).toBeTruthy()
  expect(within(first as HTMLElement).getByText('Does not answer at /run/docker.sock.')).toBeTruthy()
  expect(within(first as HTMLElement).getByText('sudo usermod -aG docker me')).toBeTruthy()
  expect(within(second as HTMLElement).getByText('5 GB of 9 GB free.')).toBeTruthy()
})

test('it looks again when asked, and says when all is well', async () => {
  render(<DiagnosticsPage />)
  await screen.findByText('Local')
  checks = [room]
  await user.click(screen.getByRole('button', { name: 'Check again' }))
  expect(await screen.findByText('Everything that was looked at is as it should be.')).toBeTruthy()
  expect(screen.queryByText('Local')).toBeNull()
})

test('while it looks again the button says so, and what was found stays', async () => {
  render(<DiagnosticsPage />)
  await screen.findByText('Local')
  let answer = (): void => undefined
  core.answers['diagnostics.run'] = () =>
    new Promise((resolve) => {
      answer = () => resolve({ atMs: Date.now(), checks: [room] })
    })
  const button = screen.getByRole('button', { name: 'Check again' })
  await user.click(button)
  expect(button.getAttribute('aria-busy')).toBe('true')
  expect(screen.getByText('Local')).toBeTruthy()
  answer()
  await waitFor(() => expect(button.getAttribute('aria-busy')).toBeNull())
  expect(screen.queryByText('Local')).toBeNull()
})

test('a machine tells all that is wrong with it, or at what its start failed', () => {
  const machine = (facts: Check['facts']): string =>
    checkWords(translate, { name: 'machine', state: 'bad', facts, message: '' })
  expect(machine({ state: 'degraded', reasons: 'disk-full, tunnel-down' })).toContain(
    'its connection is down, its disk is full',
  )
  expect(machine({ state: 'failed', stage: 'kernel' })).toMatch(/kernel/i)
  expect(machine({ state: 'starting', stage: 'sshd' })).not.toBe(machine({ state: 'running' }))
})

test('a report is saved as a file, once it is written', async () => {
  core.answers['diagnostics.report'] = () => ({ text: 'all of it' })
  const saved: string[] = []
  const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    saved.push(this.download)
  })
  onTestFinished(() => click.mockRestore())
  render(<DiagnosticsPage />)
  await user.click(screen.getByRole('button', { name: 'Save a report…' }))
  await waitFor(() => expect(saved).toEqual([expect.stringMatching(/^slipway-diagnostics-[\d-]+\.txt$/)]))
})

test('every check has words in each of its states, in both languages', async () => {
  for (const language of ['en', 'ko'] as const) {
    await setLanguage(language)
    for (const name of checkNames)
      for (const state of checkStates) {
        const said = checkWords(translate, { name, state, facts: { forMs: 1, aheadMs: 1 }, message: '' })
        expect(said, `${name} ${state}`).not.toMatch(/^diagnostics\.|^$/)
      }
  }
})
