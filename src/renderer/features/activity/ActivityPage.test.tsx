import { act as settle, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FakeClient } from '../../../../testing/window/fake-client'
import { taskRow } from '../../../../testing/window/rows'
import type { Task } from '../../../shared/model'
import { takeClient } from '../../api'
import { setLanguage } from '../../i18n'
import { startStores } from '../../store/start'
import { toastStore } from '../../store/toasts'
import { ActivityPage } from './ActivityPage'

let core: FakeClient
let stop: () => void
const user = userEvent.setup()

beforeEach(async () => {
  await setLanguage('en')
  core = new FakeClient({ 'settings.setUi': () => null, 'tasks.cancel': () => null })
  takeClient(core.client)
  stop = startStores()
})
afterEach(async () => {
  await tell({ kind: 'all', tasks: [], events: [] })
  stop()
})

const tell = (item: object): Promise<void> =>
  settle(async () => {
    core.stream('activity.watch').put(item)
    await Promise.resolve()
  })

async function show(task: Partial<Task>): Promise<void> {
  const saving = { kind: 'images.save', subject: 'web:1', command: 'docker save -o web-1.tar web:1', ...task }
  await waitFor(() => core.stream('activity.watch'))
  await tell({ kind: 'all', tasks: [], events: [] })
  render(<ActivityPage />)
  await tell({ kind: 'task', task: taskRow('s1', saving) })
  await user.click(await screen.findByText('web:1'))
}

test('a save that runs tells its bytes, no share of a whole that nobody knows, and can be cancelled', async () => {
  await show({ state: 'running', canCancel: true, doneBytes: 25_000_000, bytesPerSecond: 5_000_000 })
  const row = within(screen.getByRole('grid')).getByText('Save images').closest('[role=row]')
  expect(row?.textContent).toContain('Running · 25 MB')
  const bar = await screen.findByRole('progressbar', { name: 'Progress of web:1' })
  expect(bar.getAttribute('aria-valuenow')).toBeNull()
  expect(screen.getByText('25 MB · 5 MB/s')).toBeTruthy()
  expect(screen.getByText('docker save -o web-1.tar web:1')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Cancel' }))
  expect(core.asked('tasks.cancel')).toEqual([{ task: 's1' }])
})

test('a save whose engine went away says so', async () => {
  const error = { code: 'engine.unreachable', message: '', facts: {} } as const
  await show({ state: 'interrupted', doneBytes: 25_000_000, error })
  expect(screen.getByText('The engine went away while this was running.')).toBeTruthy()
  expect((await screen.findAllByRole('alert')).length).toBeGreaterThan(0)
})

test('a save that was cancelled is no failure', async () => {
  await show({ state: 'cancelled' })
  expect(screen.getAllByText('Cancelled').length).toBeGreaterThan(0)
  expect(screen.queryByRole('alert')).toBeNull()
})

test.each(['images.save', 'files.download'])(
  'nobody waits for the end of %s: its failure is told wherever the person is',
  async (kind) => {
    await show({ kind, state: 'running' })
    expect(toastStore.getState().toasts).toEqual([])
    const error = { code: 'engine.unreachable', message: '', facts: {} } as const
    await tell({ kind: 'task', task: taskRow('s1', { kind, subject: 'web:1', state: 'interrupted', error }) })
    expect(toastStore.getState().toasts).toMatchObject([{ tone: 'bad', title: 'web:1' }])
  },
)
