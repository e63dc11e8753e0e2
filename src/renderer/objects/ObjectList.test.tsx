import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test } from 'vitest'
import { FakeClient } from '../../../testing/window/fake-client'
import { engineRow, localEngine } from '../../../testing/window/rows'
import { AppError, toWire } from '../../shared/errors'
import type { Engine, EngineId } from '../../shared/model'
import { takeClient } from '../api'
import { setEngineFilter } from '../store/engine-filter'
import { applyInventory, forgetInventory } from '../store/inventory'
import { forgetVisits } from '../store/visit'
import { ObjectList } from './ObjectList'

const far = 'far' as EngineId
const near = { engine: localEngine, id: 'near' }

afterEach(() => {
  cleanup()
  forgetVisits()
  forgetInventory()
  setEngineFilter(undefined)
})

function open(rows: readonly (typeof near)[]): void {
  render(
    <ObjectList
      name="volumes"
      title="Things"
      count=""
      rows={rows}
      columns={[{ id: 'id', header: 'ID', width: 80, render: (row) => row.id }]}
      defaultSort={{ column: 'id', direction: 'asc' }}
      filters={[{ value: 'all', label: 'All', keep: () => true }]}
      wordsOf={wordsOf}
      onOpen={() => undefined}
      onRemove={() => undefined}
      menuFor={() => []}
      isDim={() => false}
      actions={null}
      tools={null}
      none="Nothing yet"
    />,
  )
}

test('the sidebar’s engine narrows a list that has chosen none, and is cleared with the list’s own filter', async () => {
  forgetInventory()
  applyInventory({
    kind: 'snapshot',
    engines: [engineRow(), engineRow({ id: far, name: 'Far' })],
    roads: [],
    slices: [],
  })
  open([near])
  expect(screen.getByText('near')).toBeTruthy()
  act(() => setEngineFilter(far))
  expect(screen.queryByText('near')).toBeNull()
  expect(screen.queryByText('Nothing yet')).toBeNull()
  const user = userEvent.setup()
  await user.click(screen.getByRole('button', { name: 'Clear the filter' }))
  expect(screen.getByText('near')).toBeTruthy()
  // The field says what the rows are, and its own way back is one too.
  act(() => setEngineFilter(far))
  const field = screen.getByRole('combobox', { name: 'Engine' })
  expect(field.textContent).toContain('Far')
  await user.click(field)
  await user.click(await screen.findByRole('option', { name: 'All engines' }))
  expect(screen.getByText('near')).toBeTruthy()
})

const wordsOf = ({ id }: { readonly id: string }): string[] => [id]

test('rows that are not here yet, or that an engine does not give, are never told as none', () => {
  const tell = (missing: Engine['missing']): void =>
    act(() => {
      const engines = [engineRow({ ...(missing && { missing }) })]
      applyInventory({ kind: 'snapshot', engines, roads: [], slices: [] })
    })
  const error = toWire(new AppError('engine.failed', 'no', { facts: { detail: 'a plugin is gone' } }))
  tell({ volumes: { kind: 'awaited' } })
  open([])
  expect(screen.queryByText('Nothing yet')).toBeNull()
  expect(screen.getByText('Local takes its time to list')).toBeTruthy()
  tell({ volumes: { kind: 'refused', error }, images: { kind: 'awaited' } })
  expect(screen.queryByText('Nothing yet')).toBeNull()
  const told = screen.getByRole('alert').textContent
  expect(told).toContain('Local does not give this list')
  expect(told).toContain('a plugin is gone')
  tell(undefined)
  expect(screen.getByText('Nothing yet')).toBeTruthy()
  expect(screen.queryByRole('status')).toBeNull()
})

test('above rows it is told whose are not all here, of the engines that are shown', () => {
  const error = toWire(new AppError('engine.failed', 'no', { facts: { detail: 'a plugin is gone' } }))
  const engines = [
    engineRow(),
    engineRow({ id: far, name: 'Far', missing: { volumes: { kind: 'refused', error } } }),
  ]
  applyInventory({ kind: 'snapshot', engines, roads: [], slices: [] })
  open([near])
  const told = screen.getByRole('status')
  expect(told.textContent).toContain(
    'Far does not give this list. What is shown may be old or incomplete; the engine is asked again by itself. It says: a plugin is gone',
  )
  const core = new FakeClient({ 'engines.retry': () => null })
  takeClient(core.client)
  fireEvent.click(within(told).getByRole('button', { name: 'Ask again now' }))
  expect(core.asked('engines.retry')).toHaveLength(1)
  act(() => setEngineFilter(localEngine))
  expect(screen.queryByRole('status')).toBeNull()
})
