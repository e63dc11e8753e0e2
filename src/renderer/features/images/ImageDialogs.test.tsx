import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import { FakeClient } from '../../../../testing/window/fake-client'
import { engineRow, localEngine } from '../../../../testing/window/rows'
import { AppError } from '../../../shared/errors'
import type { Image } from '../../../shared/model'
import { takeClient } from '../../api'
import { applyInventory, forgetInventory } from '../../store/inventory'
import { toastStore } from '../../store/toasts'
import { ImageDialogs } from './ImageDialogs'

afterEach(() => {
  forgetInventory()
})

const image = { engine: localEngine, id: 'sha256:1', tags: ['web:1'] } as unknown as Image

// One refusal must not cost all that was entered.
test('a tag stays open with what was entered until the engine took it', async () => {
  let isRefused = true
  const core = new FakeClient({
    'images.tag': () => {
      if (isRefused) throw new AppError('object.conflict', 'x', { facts: { detail: 'no such driver' } })
      return null
    },
  })
  takeClient(core.client)
  applyInventory({ kind: 'snapshot', engines: [engineRow()], roads: [], slices: [] })
  const onClose = vi.fn()
  render(<ImageDialogs dialog={{ kind: 'tag', image }} onClose={onClose} />)
  const user = userEvent.setup()
  const field = screen.getByLabelText('New reference')
  await user.clear(field)
  await user.type(field, 'next:1{Enter}')
  expect((await screen.findByRole('alert')).textContent).toContain('no such driver')
  expect(field).toHaveProperty('value', 'next:1')
  expect(onClose).not.toHaveBeenCalled()
  expect(toastStore.getState().toasts).toEqual([])
  isRefused = false
  await user.type(field, '{Enter}')
  expect(onClose).toHaveBeenCalledOnce()
  expect(core.asked('images.tag')).toHaveLength(2)
})
