import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import { FakeClient } from '../../../../testing/window/fake-client'
import { engineRow } from '../../../../testing/window/rows'
import { AppError } from '../../../shared/errors'
import { takeClient } from '../../api'
import { applyInventory, forgetInventory } from '../../store/inventory'
import { toastStore } from '../../store/toasts'
import { VolumeDialogs } from './VolumeDialogs'

afterEach(() => {
  forgetInventory()
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
