import { act as settle, fireEvent, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Router } from 'wouter'
import { memoryLocation } from 'wouter/memory-location'
import { FakeClient } from '../../../../../testing/window/fake-client'
import { AppError } from '../../../../shared/errors'
import type { Machine } from '../../../../shared/model'
import { takeClient } from '../../../api'
import { machinesStore, takeMachines } from '../../../store/machines'
import { sampleMachine, sampleProposal } from '../sample-machines'
import { CreateWizard } from './CreateWizard'
import { MachineOnboarding } from './Onboarding'

const user = userEvent.setup()
let core: FakeClient
let end: (error?: AppError) => void

beforeEach(() => {
  core = new FakeClient({
    'machines.propose': () => sampleProposal(),
    'machines.start': () => null,
    'machines.create': ({ settings }) =>
      new Promise((resolve, reject) => {
        end = (error) => (error ? reject(error) : resolve({ machine: settings.name as Machine['id'] }))
      }),
  })
  takeClient(core.client)
  takeMachines([])
})
afterEach(() => machinesStore.setState({ machines: [], isKnown: false }))

const answer = (error?: AppError) => settle(() => Promise.resolve(end(error)))
const button = (name: string): HTMLElement => screen.getByRole('button', { name })

function open() {
  const location = memoryLocation({ path: '/machines?new=', record: true })
  const { unmount } = render(
    <Router hook={location.hook} searchHook={location.searchHook}>
      <CreateWizard onClose={() => location.navigate('/machines', { replace: true })} />
    </Router>,
  )
  return { history: location.history, leave: unmount }
}

async function create(): Promise<ReturnType<typeof open>> {
  const opened = open()
  await screen.findByDisplayValue('vm')
  for (const step of ['Next', 'Next', 'Next', 'Create and start']) await user.click(button(step))
  return opened
}

test('Enter goes one step on and presses nothing there', async () => {
  open()
  await user.type(await screen.findByDisplayValue('vm'), '{Enter}')
  // A key press follows a key that nobody took: it would go to what has the focus by then.
  expect(fireEvent.keyDown(screen.getByLabelText('CPUs'), { key: 'Enter' })).toBe(false)
  const first = await screen.findByRole('checkbox', { name: /Share my home folder/ })
  await waitFor(() => expect(document.activeElement).toBe(first))
  expect(screen.queryByLabelText('Folder 1')).toBeNull()
})

// It is in the list before the answer, with the name that was free.
test('a machine that is being made is no double of itself', async () => {
  await create()
  settle(() => takeMachines([sampleMachine({})]))
  expect(button('Create and start')).toHaveProperty('disabled', false)
  await answer()
})

test('a machine that is being made holds the wizard, which then shows it', async () => {
  const { history } = await create()
  expect(button('Cancel')).toHaveProperty('disabled', true)
  await user.keyboard('{Escape}')
  expect(history).toEqual(['/machines?new='])
  await answer()
  expect(history.at(-1)).toBe('/machines/vm')
  expect(core.asked('machines.start')).toEqual([{ machine: 'vm' }])
})

test('a refusal is told in the wizard, which keeps what was chosen', async () => {
  const { history } = await create()
  await answer(new AppError('disk.full', 'x'))
  expect(screen.getByRole('alert').textContent).toContain('full')
  expect(button('Create and start').getAttribute('aria-busy')).toBeNull()
  expect(history).toEqual(['/machines?new='])
})

test('who left meanwhile is not taken to the machine, and it does not start', async () => {
  const { history, leave } = await create()
  leave()
  await answer()
  expect(history).toEqual(['/machines?new='])
  expect(core.asked('machines.start')).toEqual([])
})

test.each([
  ['stays', '#/engine', '/machines/vm'],
  ['left', '#/images', '/'],
])('the first machine starts by one button; who %s is at %s', async (_, hash, path) => {
  window.location.hash = '#/engine'
  const location = memoryLocation({ path: '/', record: true })
  render(
    <Router hook={location.hook}>
      <MachineOnboarding />
    </Router>,
  )
  await user.click(await screen.findByRole('button', { name: 'Create and start' }))
  window.location.hash = hash
  await answer()
  expect(location.history.at(-1)).toBe(path)
  expect(core.asked('machines.start')).toEqual([{ machine: 'vm' }])
})
