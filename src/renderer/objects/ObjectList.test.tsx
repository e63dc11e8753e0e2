import { act, cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test } from 'vitest'
import { engineRow, localEngine } from '../../../testing/window/rows'
import type { EngineId } from '../../shared/model'
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

test('the sidebar’s engine narrows a list that has chosen none, and is cleared with the list’s own filter', async () => {
  forgetInventory()
  applyInventory({
    kind: 'snapshot',
    engines: [engineRow(), engineRow({ id: far, name: 'Far' })],
    roads: [],
    slices: [],
  })
  render(
    <ObjectList
      name="things"
      title="Things"
      count=""
      rows={[near]}
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
