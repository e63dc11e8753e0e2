import { cleanup, render, screen } from '@testing-library/react'
import { act } from 'react'
import { afterEach, expect, test } from 'vitest'
import { containerRow, engineRow, localEngine } from '../../../testing/window/rows'
import { applyInventory, forgetInventory } from '../store/inventory'
import { UsedByCell, UsedByList } from './UsedBy'

afterEach(() => {
  cleanup()
  forgetInventory()
})

const tell = (missing: ReturnType<typeof engineRow>['missing']): void =>
  act(() => {
    const engines = [engineRow({ ...(missing && { missing }) })]
    applyInventory({ kind: 'snapshot', engines, roads: [], slices: [] })
  })

test('without the list of containers nobody says that something is unused', () => {
  tell({ containers: { kind: 'awaited' } })
  render(
    <>
      <UsedByCell engine={localEngine} containers={[]} />
      <UsedByList engine={localEngine} containers={[]} none="No container uses it" />
    </>,
  )
  expect(screen.queryByText('Unused')).toBeNull()
  expect(screen.queryByText('No container uses it')).toBeNull()
  expect(screen.getByText('—').title).toBe('Not known: the list of containers is missing')
  expect(screen.getByText('Not known: the list of containers is missing')).toBeTruthy()
  tell({ volumes: { kind: 'awaited' } })
  expect(screen.getByText('Unused')).toBeTruthy()
  expect(screen.getByText('No container uses it')).toBeTruthy()
})

test('who is known to use it is named also then', () => {
  tell({ containers: { kind: 'awaited' } })
  render(<UsedByCell engine={localEngine} containers={[containerRow('web')]} />)
  expect(screen.getByText('web')).toBeTruthy()
})
