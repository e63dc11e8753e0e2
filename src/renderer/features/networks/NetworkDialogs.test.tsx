import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import { FakeClient } from '../../../../testing/window/fake-client'
import { containerRow, engineRow, localEngine } from '../../../../testing/window/rows'
import { AppError } from '../../../shared/errors'
import type { Container, Network } from '../../../shared/model'
import { takeClient } from '../../api'
import { applyInventory, forgetInventory } from '../../store/inventory'
import { toastStore } from '../../store/toasts'
import { NetworkDialogs, type NetworkDialog } from './NetworkDialogs'

afterEach(() => {
  forgetInventory()
})

const network = { engine: localEngine, id: 'n1', name: 'front' } as unknown as Network

/** The engine refuses the first time. */
function open(dialog: NetworkDialog) {
  const refuse = vi.fn((): null => null)
  refuse.mockImplementationOnce(() => {
    throw new AppError('request.invalid', 'x', { facts: { detail: 'pool overlaps' } })
  })
  const core = new FakeClient({ 'networks.create': refuse as never, 'networks.connect': refuse })
  takeClient(core.client)
  applyInventory({
    kind: 'snapshot',
    engines: [engineRow()],
    roads: [],
    slices: [{ engine: localEngine, rev: 1, kind: 'containers', rows: [containerRow('web')] }],
  })
  const onClose = vi.fn()
  render(<NetworkDialogs dialog={dialog} onClose={onClose} />)
  return { core, onClose }
}

const onNetwork = (name: string, network: string, state: Container['state'] = 'running') =>
  containerRow(name, { state, networks: [{ name: network }] })

test('what a running container uses stays and says by whom; the others go', async () => {
  const core = new FakeClient({ 'networks.remove': () => null })
  takeClient(core.client)
  const rows = [onNetwork('web', 'front'), onNetwork('old', 'back', 'exited')]
  applyInventory({
    kind: 'snapshot',
    engines: [engineRow()],
    roads: [],
    slices: [{ engine: localEngine, rev: 1, kind: 'containers', rows }],
  })
  const networks = ['front', 'back', 'idle'].map(
    (name) => ({ ...network, id: name, name }) as unknown as Network,
  )
  render(<NetworkDialogs dialog={{ kind: 'remove', networks }} onClose={() => undefined} />)
  expect(screen.getByRole('status').textContent).toContain('frontUsed by web')
  await userEvent.click(screen.getByRole('button', { name: 'Remove 2' }))
  const removed = core.asked('networks.remove').map((args) => (args as { id: string }).id)
  expect(removed).toEqual(['back', 'idle'])
})

// One refusal must not cost all that was entered.
test.each([
  { kind: 'create', dialog: { kind: 'create' }, label: 'Name', button: 'Create' },
  { kind: 'connect', dialog: { kind: 'connect', network }, label: 'Aliases', button: 'Connect' },
] as const)('$kind stays open with what was entered until the engine took it', async (given) => {
  const user = userEvent.setup()
  const { core, onClose } = open(given.dialog)
  const field = screen.getByLabelText(given.label)
  await user.type(field, 'back{Enter}')
  expect((await screen.findByRole('alert')).textContent).toContain('pool overlaps')
  expect(field).toHaveProperty('value', 'back')
  expect(onClose).not.toHaveBeenCalled()
  expect(toastStore.getState().toasts).toEqual([])
  await user.click(screen.getByRole('button', { name: given.button }))
  expect(onClose).toHaveBeenCalledOnce()
  expect(core.asked(`networks.${given.kind}`)).toHaveLength(2)
})
