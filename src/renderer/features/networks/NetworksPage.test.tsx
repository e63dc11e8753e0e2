import { act, cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test } from 'vitest'
import { engineRow, localEngine } from '../../../../testing/window/rows'
import type { Engine, Network } from '../../../shared/model'
import { applyInventory, forgetInventory } from '../../store/inventory'
import { forgetVisits } from '../../store/visit'
import { NetworksPage } from './NetworksPage'

const alone = {
  ...{ engine: localEngine, id: 'a'.repeat(64), name: 'alone', driver: 'bridge', scope: 'local' },
  ...{ subnets: [], labels: {}, createdAtMs: 0 },
} as unknown as Network

afterEach(() => {
  cleanup()
  forgetVisits()
  forgetInventory()
})

const tell = (missing?: Engine['missing']): void =>
  act(() => {
    applyInventory({
      kind: 'snapshot',
      engines: [engineRow({ ...(missing && { missing }) })],
      roads: [],
      slices: [{ engine: localEngine, kind: 'networks', rev: 1, rows: [alone] }],
    })
  })

test('a network of which nobody knows who uses it is not told as unused', async () => {
  tell({ containers: { kind: 'awaited' } })
  render(<NetworksPage />)
  expect(screen.getByText('alone')).toBeTruthy()
  await userEvent.click(screen.getByRole('combobox', { name: 'Show' }))
  await userEvent.click(await screen.findByRole('option', { name: 'Not in use' }))
  expect(screen.queryByText('alone')).toBeNull()
  tell()
  expect(screen.getByText('alone')).toBeTruthy()
})
