import { act as settle, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Router } from 'wouter'
import { memoryLocation } from 'wouter/memory-location'
import { FakeClient } from '../../../../testing/window/fake-client'
import { AppError } from '../../../shared/errors'
import type { ResetPlan, ResetResult } from '../../../shared/model'
import { takeClient } from '../../api'
import { setLanguage } from '../../i18n'
import { dropAllToasts, toastStore } from '../../store/toasts'
import { ResetSection } from './ResetSection'

const plan: ResetPlan = {
  machines: [
    {
      ...{ name: 'vm', folder: '/d/machines/m-1', context: 'slipway', link: '/var/run/docker.sock' },
      items: [
        { what: 'disk', path: '/big/slipway-m-1.raw', bytes: 6_000_000 },
        { what: 'snapshot', path: '/d/machines/m-1/snapshots/s.raw', bytes: 2_000_000 },
      ],
    },
  ],
  items: [
    { group: 'engine', path: '/d/engine/data', bytes: 1_000_000, isAtLeast: true },
    { group: 'settings', path: '/d/settings.json', bytes: 4000 },
  ],
  engine: { containers: 2, images: 1, volumes: 0 },
  settings: { engines: 1, agents: 2, remembered: 3 },
  stays: [
    { path: '/d/core.sock', why: 'in-use' },
    { path: '/d/notes.txt', why: 'foreign' },
  ],
}

const user = userEvent.setup()
let core: FakeClient
let end: (answer: ResetResult | AppError) => void

beforeEach(async () => {
  await setLanguage('en')
  core = new FakeClient({
    'reset.plan': () => plan,
    'reset.run': () =>
      new Promise((resolve, reject) => {
        end = (answer) => (answer instanceof AppError ? reject(answer) : resolve(answer))
      }),
  })
  takeClient(core.client)
})
afterEach(() => dropAllToasts())

async function open() {
  const location = memoryLocation({ path: '/settings', record: true })
  render(
    <Router hook={location.hook} searchHook={location.searchHook}>
      <ResetSection />
    </Router>,
  )
  await user.click(screen.getByRole('button', { name: 'Reset Slipway…' }))
  await screen.findByText('This goes for good:')
  return location.history
}

const answer = (value: ResetResult | AppError) => settle(() => Promise.resolve(end(value)))
const confirm = (): HTMLElement => within(screen.getByRole('dialog')).getByRole('button', { name: 'Reset' })

test('it says what goes, path by path with sizes, and what stays', async () => {
  await open()
  const said = screen.getByRole('dialog').textContent ?? ''
  for (const text of [
    ...[
      'Machine vm',
      '/big/slipway-m-1.raw',
      '6 MB',
      '/d/machines/m-1/snapshots/s.raw',
      '/var/run/docker.sock',
    ],
    ...['/d/engine/data', 'more than 1 MB', 'In it are 2 containers, 1 image and 0 volumes.'],
    ...['1 added engine, 2 agents’ permissions', '3 things that the window remembers', 'more than 9 MB'],
    ...['Other engines and all that is in them', 'Shared folders and every file in them'],
    ...['In use by Slipway now/d/core.sock', 'Not Slipway’s/d/notes.txt'],
  ])
    expect(said).toContain(text)
})

test('it goes on only with the word, cannot be called off, and ends on the first page with what stayed', async () => {
  const history = await open()
  const field = screen.getByLabelText('Type reset to confirm')
  await user.type(field, 'rese{Enter}')
  expect(confirm().hasAttribute('disabled')).toBe(true)
  expect(core.asked('reset.run')).toEqual([])
  await user.type(field, 't{Enter}')
  expect(core.asked('reset.run')).toEqual([{ typedWord: 'reset' }])
  expect(screen.getByRole('button', { name: 'Cancel' }).hasAttribute('disabled')).toBe(true)
  await answer({ stays: [{ path: '/d/core.sock', why: 'in-use' }] })
  expect(history).toEqual(['/settings', '/'])
  expect(toastStore.getState().toasts).toMatchObject([
    { tone: 'ok', title: 'Slipway is as new', text: '1 file or folder stays: /d/core.sock' },
  ])
})

test('what could not be removed is told with its reason, and nobody is led away from it', async () => {
  const history = await open()
  await user.type(screen.getByLabelText('Type reset to confirm'), 'reset{Enter}')
  const detail = '/d/machines/m-1: link'
  const facts = { count: 1, path: '/d/machines/m-1', reason: 'link', detail }
  await answer(new AppError('reset.incomplete', 'x', { facts }))
  expect(await screen.findByText(detail)).toBeTruthy()
  expect(history).toEqual(['/settings'])
})
