import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState, type ReactNode } from 'react'
import { afterEach, expect, test, vi } from 'vitest'
import { DataTable, Dialog, SearchField } from '../ui'
import { useWindowKeys, type WindowKeys } from './keys'

afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

const keys = {
  onPalette: vi.fn(),
  onHelp: vi.fn(),
  onDock: vi.fn(),
  onPage: vi.fn(),
  onArea: vi.fn(),
} satisfies WindowKeys

function Window({ children }: { readonly children?: ReactNode }): ReactNode {
  const [text, setText] = useState('')
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set())
  useWindowKeys(keys)
  return (
    <>
      <main>
        <SearchField label="Search" value={text} onChange={setText} />
        <DataTable
          label="Rows"
          rows={[{ id: 'a' }, { id: 'b' }]}
          rowKey={(row) => row.id}
          columns={[{ id: 'id', header: 'ID', width: 80, render: (row) => row.id }]}
          selection={selection}
          onSelection={setSelection}
        />
      </main>
      {children}
    </>
  )
}

test('from the search the arrow goes down to the first line', async () => {
  const user = userEvent.setup()
  render(<Window />)
  await user.keyboard('/')
  expect(document.activeElement).toBe(screen.getByRole('searchbox'))
  await user.keyboard('{ArrowDown}')
  expect(document.activeElement).toBe(screen.getByRole('grid'))
  expect(screen.getByRole('row', { selected: true }).dataset['key']).toBe('a')
})

test('what is behind an open dialog is not reached by keys', () => {
  const go = vi.spyOn(window.history, 'go').mockReturnValue()
  render(
    <Window>
      <Dialog title="Asks" open onClose={() => undefined}>
        Words
      </Dialog>
    </Window>,
  )
  const close = screen.getByRole('button', { name: 'Close' })
  fireEvent.keyDown(close, { key: '/' })
  fireEvent.keyDown(close, { key: '2', code: 'Digit2', altKey: true })
  fireEvent.keyDown(close, { key: 'ArrowLeft', altKey: true })
  fireEvent.keyDown(close, { key: 'F6' })
  expect(document.activeElement).not.toBe(screen.getByRole('searchbox', { hidden: true }))
  expect(go).not.toHaveBeenCalled()
  expect(keys.onPage).not.toHaveBeenCalled()
  expect(keys.onArea).not.toHaveBeenCalled()
})

test('Alt with an arrow goes back and forward, F6 from part to part', () => {
  const go = vi.spyOn(window.history, 'go').mockReturnValue()
  render(<Window />)
  fireEvent.keyDown(document.body, { key: 'ArrowLeft', altKey: true })
  fireEvent.keyDown(document.body, { key: 'ArrowRight', altKey: true })
  expect(go.mock.calls).toEqual([[-1], [1]])
  fireEvent.keyDown(document.body, { key: 'F6' })
  fireEvent.keyDown(document.body, { key: 'F6', ctrlKey: true, shiftKey: true })
  expect(keys.onArea.mock.calls).toEqual([[1], [-1]])
})

test('the palette opens by the key of K on any alphabet', () => {
  render(<Window />)
  fireEvent.keyDown(document.body, { key: 'ㅏ', code: 'KeyK', ctrlKey: true })
  expect(keys.onPalette).toHaveBeenCalledTimes(1)
})

test('the dock opens by the key before 1, whatever stands on it', () => {
  render(<Window />)
  fireEvent.keyDown(document.body, { key: '`', code: 'Backquote', ctrlKey: true })
  fireEvent.keyDown(document.body, { key: '₩', code: 'Backquote', ctrlKey: true })
  expect(keys.onDock).toHaveBeenCalledTimes(2)
})
