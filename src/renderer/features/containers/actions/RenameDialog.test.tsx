import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import { FakeClient } from '../../../../../testing/window/fake-client'
import { containerRow, engineRow } from '../../../../../testing/window/rows'
import { AppError } from '../../../../shared/errors'
import { takeClient } from '../../../api'
import { applyInventory, forgetInventory } from '../../../store/inventory'
import { toastStore } from '../../../store/toasts'
import { RenameDialog } from './RenameDialog'

afterEach(() => {
  forgetInventory()
})

// One refusal must not cost all that was entered.
test('a new name stays open with what was entered until the engine took it', async () => {
  let isRefused = true
  const core = new FakeClient({
    'containers.rename': () => {
      if (isRefused) throw new AppError('object.conflict', 'x', { facts: { detail: 'no such driver' } })
      return null
    },
  })
  takeClient(core.client)
  applyInventory({ kind: 'snapshot', engines: [engineRow()], roads: [], slices: [] })
  const onClose = vi.fn()
  render(<RenameDialog container={containerRow('web')} onClose={onClose} />)
  const user = userEvent.setup()
  const field = screen.getByLabelText('New name')
  await user.clear(field)
  await user.type(field, 'next{Enter}')
  expect((await screen.findByRole('alert')).textContent).toContain('no such driver')
  expect(field).toHaveProperty('value', 'next')
  expect(onClose).not.toHaveBeenCalled()
  expect(toastStore.getState().toasts).toEqual([])
  isRefused = false
  await user.type(field, '{Enter}')
  expect(onClose).toHaveBeenCalledOnce()
  expect(core.asked('containers.rename')).toHaveLength(2)
})
