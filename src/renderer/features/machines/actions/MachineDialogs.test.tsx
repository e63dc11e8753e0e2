import { act as settle, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Router } from 'wouter'
import { memoryLocation } from 'wouter/memory-location'
import { FakeClient } from '../../../../../testing/window/fake-client'
import { AppError } from '../../../../shared/errors'
import type { Machine } from '../../../../shared/model'
import { takeClient } from '../../../api'
import { machinesStore, takeMachines } from '../../../store/machines'
import { toastStore } from '../../../store/toasts'
import { MachinePage } from '../page/MachinePage'
import { sampleMachine } from '../sample-machines'

const user = userEvent.setup()
let core: FakeClient
let end: (error?: AppError) => void

beforeEach(() => {
  core = new FakeClient({
    'machines.deletePlan': () => ({ items: [] }),
    'machines.remove': () =>
      new Promise((resolve, reject) => (end = (error) => (error ? reject(error) : resolve(null)))),
    'machines.snapshots': () => [],
    'machines.clone': (_, signal) =>
      new Promise((resolve, reject) => {
        end = () => resolve({ machine: 'copy' as Machine['id'] })
        signal?.addEventListener('abort', () => reject(new AppError('cancelled', 'x')))
      }),
  })
  takeClient(core.client)
})
afterEach(() => {
  machinesStore.setState({ machines: [], isKnown: false })
})

const answer = (error?: AppError) => settle(() => Promise.resolve(end(error)))
const button = (name: string): HTMLElement => screen.getByRole('button', { name })

function open(tab: string) {
  takeMachines([sampleMachine({ state: { kind: 'stopped', isSuspended: false, sinceMs: 0 } })])
  const location = memoryLocation({ path: `/machines/vm/${tab}`, record: true })
  const { unmount } = render(
    <Router hook={location.hook} searchHook={location.searchHook}>
      <MachinePage id="vm" tab={tab} />
    </Router>,
  )
  return { history: location.history, leave: unmount }
}

async function remove(): Promise<ReturnType<typeof open>> {
  const opened = open('reset')
  await user.click(button('Remove…'))
  await user.type(await screen.findByLabelText('Type vm to confirm'), 'vm{Enter}')
  return opened
}

test('a removal cannot be called off, and ends on the list when the machine is gone', async () => {
  const { history } = await remove()
  await user.keyboard('{Escape}')
  expect(screen.getByRole('dialog')).toBeTruthy()
  // The list of machines is told before the answer comes.
  settle(() => takeMachines([]))
  await answer()
  expect(history.at(-1)).toBe('/machines')
  expect(screen.queryByRole('dialog')).toBeNull()
})

test('a removal that is refused keeps the dialog, with the words', async () => {
  const { history } = await remove()
  await answer(new AppError('machine.disk-in-use', 'x'))
  expect(screen.getByRole('alert')).toBeTruthy()
  expect(history).toHaveLength(1)
})

test('who left meanwhile is not taken to the list, and is told what came of it', async () => {
  const { history, leave } = await remove()
  leave()
  await answer(new AppError('machine.disk-in-use', 'x'))
  expect(history).toHaveLength(1)
  expect(toastStore.getState().toasts.map(({ error }) => error?.code)).toEqual(['machine.disk-in-use'])
})

// The copy is in the list while it is being made.
test('a clone does not call its own name taken', async () => {
  open('snapshots')
  await user.click(await screen.findByRole('button', { name: 'Clone the machine…' }))
  await user.click(button('Clone'))
  const name = screen.getByLabelText<HTMLInputElement>('Name').value
  const copy = { ...sampleMachine({}), id: name as Machine['id'] }
  await settle(async () => {
    takeMachines([sampleMachine({}), { ...copy, settings: { ...copy.settings, name } }])
    await Promise.resolve()
  })
  expect(screen.queryByRole('alert')).toBeNull()
  expect(button('Clone')).toHaveProperty('disabled', false)
  await user.keyboard('{Escape}')
  await answer()
})

test('cancelling a clone calls it off and stays where one is', async () => {
  const { history } = open('snapshots')
  await user.click(await screen.findByRole('button', { name: 'Clone the machine…' }))
  await user.click(button('Clone'))
  await user.click(button('Cancel'))
  await answer()
  expect(history).toHaveLength(1)
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(toastStore.getState().toasts).toEqual([])
})
