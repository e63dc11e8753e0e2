import { act, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import type { ReactElement } from 'react'
import { expect } from 'vitest'
import type { Engine, InventoryItem } from '../../src/shared/model'
import { applyInventory } from '../../src/renderer/store/inventory'
import { engineRow } from './rows'

type Slice = Extract<InventoryItem, { kind: 'snapshot' }>['slices'][number]

/** A list whose one row, that shows `name`, nobody uses: it is told so only once the list of containers is here. */
export async function expectUnusedOnlyWhenKnown(
  page: ReactElement,
  slice: Slice,
  name: string,
): Promise<void> {
  const tell = (missing?: Engine['missing']): void =>
    act(() => {
      applyInventory({
        kind: 'snapshot',
        engines: [engineRow({ ...(missing && { missing }) })],
        roads: [],
        slices: [slice],
      })
    })
  tell({ containers: { kind: 'awaited' } })
  render(page)
  expect(screen.getByText(name)).toBeTruthy()
  await userEvent.click(screen.getByRole('combobox', { name: 'Show' }))
  await userEvent.click(await screen.findByRole('option', { name: 'Not in use' }))
  expect(screen.queryByText(name)).toBeNull()
  expect(screen.getByText(/^What is in use on .+ is not known/)).toBeTruthy()
  tell()
  expect(screen.getByText(name)).toBeTruthy()
  expect(screen.queryByText(/^What is in use on/)).toBeNull()
}
