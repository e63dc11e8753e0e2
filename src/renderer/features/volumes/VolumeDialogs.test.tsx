import { act as settle, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import { FakeClient } from '../../../../testing/window/fake-client'
import { engineRow, localEngine } from '../../../../testing/window/rows'
import { AppError } from '../../../shared/errors'
import type { Volume } from '../../../shared/model'
import { takeClient } from '../../api'
import { applyInventory, forgetInventory } from '../../store/inventory'
import { toastStore } from '../../store/toasts'
import { VolumeDialogs } from './VolumeDialogs'

afterEach(() => {
  forgetInventory()
})

const volume: Volume = {
  ...{ engine: localEngine, id: 'next', driver: 'local', mountpoint: '/v/next', scope: 'local' },
  ...{ options: {}, labels: {}, createdAtMs: 0, isAnonymous: false },
}

// Its row comes by an event, which may be before the engine's answer.
test('a volume that is being made is no double of itself; one that was refused is judged again', async () => {
  let refuse: () => void = () => undefined
  const core = new FakeClient({
    'volumes.create': () =>
      new Promise(
        (_, reject) => (refuse = () => reject(new AppError('object.conflict', 'x', { facts: {} }))),
      ),
  })
  takeClient(core.client)
  applyInventory({ kind: 'snapshot', engines: [engineRow()], roads: [], slices: [] })
  render(<VolumeDialogs dialog={{ kind: 'create' }} onClose={() => undefined} />)
  const user = userEvent.setup()
  await user.type(screen.getByLabelText('Name'), 'next{Enter}')
  await settle(async () => {
    applyInventory({
      kind: 'snapshot',
      engines: [engineRow()],
      roads: [],
      slices: [{ engine: localEngine, kind: 'volumes', rev: 1, rows: [volume] }],
    })
    await Promise.resolve()
  })
  expect(screen.queryByRole('alert')).toBeNull()
  expect(screen.getByRole('button', { name: 'Create' })).toHaveProperty('disabled', false)
  refuse()
  expect(await screen.findByText('A volume with this name exists')).toBeTruthy()
})

// One refusal must not cost all that was entered.
test('a new volume stays open with what was entered until the engine took it', async () => {
  let isRefused = true
  const core = new FakeClient({
    'volumes.create': () => {
      if (isRefused) throw new AppError('object.conflict', 'x', { facts: { detail: 'no such driver' } })
      return null as never
    },
  })
  takeClient(core.client)
  applyInventory({ kind: 'snapshot', engines: [engineRow()], roads: [], slices: [] })
  const onClose = vi.fn()
  render(<VolumeDialogs dialog={{ kind: 'create' }} onClose={onClose} />)
  const user = userEvent.setup()
  const field = screen.getByLabelText('Name')
  await user.clear(field)
  await user.type(field, 'next{Enter}')
  expect((await screen.findByRole('alert')).textContent).toContain('no such driver')
  expect(field).toHaveProperty('value', 'next')
  expect(onClose).not.toHaveBeenCalled()
  expect(toastStore.getState().toasts).toEqual([])
  isRefused = false
  await user.type(field, '{Enter}')
  expect(onClose).toHaveBeenCalledOnce()
  expect(core.asked('volumes.create')).toHaveLength(2)
})
