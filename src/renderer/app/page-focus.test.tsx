import { render, screen } from '@testing-library/react'
import type { ReactNode } from 'react'
import { expect, test } from 'vitest'
import { DataTable } from '../ui'
import { focusNextArea, useFoundFocus } from './page-focus'

interface WindowProps {
  readonly page: string
  readonly children?: ReactNode
}

function Window({ page, children }: WindowProps): ReactNode {
  useFoundFocus(page)
  return (
    <>
      <nav data-area="pages">
        <a href="#/one">One</a>
        <a href="#/two" aria-current="page">
          Two
        </a>
      </nav>
      <main id="content" tabIndex={-1} data-area="page">
        {children}
      </main>
    </>
  )
}

const list = (
  <DataTable
    label="Rows"
    rows={[{ id: 'a' }]}
    rowKey={(row) => row.id}
    columns={[{ id: 'id', header: 'ID', width: 80, render: (row) => row.id }]}
  />
)

test('a focus that went with its page is on the next one, on its list where it has one', () => {
  const { rerender } = render(
    <Window page="one">
      <button type="button">Gone</button>
    </Window>,
  )
  screen.getByText('Gone').focus()
  rerender(<Window page="two">Words</Window>)
  expect(document.activeElement).toBe(screen.getByRole('main'))
  rerender(<Window page="three">{list}</Window>)
  expect(document.activeElement).toBe(screen.getByRole('grid', { name: 'Rows' }))
})

test('a list that comes late takes the focus that its page has', () => {
  const { rerender } = render(<Window page="one" />)
  rerender(<Window page="two">Loading</Window>)
  expect(document.activeElement).toBe(screen.getByRole('main'))
  rerender(<Window page="two">{list}</Window>)
  expect(document.activeElement).toBe(screen.getByRole('grid', { name: 'Rows' }))
})

test('a focus that is somewhere stays, and a window begins at its beginning', () => {
  const { rerender } = render(<Window page="one">{list}</Window>)
  expect(document.activeElement).toBe(document.body)
  screen.getByText('One').focus()
  rerender(<Window page="two">{list}</Window>)
  expect(document.activeElement).toBe(screen.getByText('One'))
})

test('the parts of the window are gone through in turn', () => {
  render(<Window page="one">{list}</Window>)
  focusNextArea(1)
  expect(document.activeElement).toBe(screen.getByText('Two'))
  focusNextArea(1)
  expect(document.activeElement).toBe(screen.getByRole('grid', { name: 'Rows' }))
  focusNextArea(1)
  expect(document.activeElement).toBe(screen.getByText('Two'))
  focusNextArea(-1)
  expect(document.activeElement).toBe(screen.getByRole('grid', { name: 'Rows' }))
})
