import { act, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { EngineId } from '../../../../shared/model'
import { setEngineFilter } from '../../../store/engine-filter'
import { setUi } from '../../../store/ui'
import { forgetVisits } from '../../../store/visit'
import { engine, startFakeCore } from '../fake-core'
import { container } from '../sample-containers'
import { ContainersPage } from './ContainersPage'

const far = engine({ id: 'far' as EngineId, name: 'Far' })

beforeEach(() => {
  forgetVisits()
  setUi('containers.filter', undefined)
  startFakeCore({ containers: [container({ name: 'web' })], engines: [engine(), far] })
  render(<ContainersPage />)
  act(() => setEngineFilter(far.id))
})
afterEach(() => setEngineFilter(undefined))

test('the sidebar’s engine counts as a filter, and is cleared with it', async () => {
  const user = userEvent.setup()
  expect(screen.getByText('Nothing matches')).toBeTruthy()
  await user.click(screen.getAllByRole('button', { name: 'Clear filters' })[0] as HTMLElement)
  expect(screen.getByText('web')).toBeTruthy()
})

test('the engine’s field says whose rows are shown, and shows all again', async () => {
  const user = userEvent.setup()
  const field = screen.getByRole('combobox', { name: 'Engine' })
  expect(field.textContent).toContain('Far')
  await user.click(field)
  await user.click(await screen.findByRole('option', { name: 'All engines' }))
  expect(screen.getByText('web')).toBeTruthy()
})
