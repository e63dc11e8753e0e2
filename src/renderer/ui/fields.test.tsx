import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState, type ReactNode } from 'react'
import { expect, test, vi } from 'vitest'
import {
  Button,
  Checkbox,
  Combobox,
  Dialog,
  Menu,
  NumberField,
  SearchField,
  Select,
  Tabs,
  TextField,
} from '.'

const user = userEvent.setup()

function Number({
  onValue,
  first,
}: {
  onValue: (value: number | undefined) => void
  first?: number
}): ReactNode {
  const [value, setValue] = useState<number | undefined>(first)
  const change = (next: number | undefined): void => {
    setValue(next)
    onValue(next)
  }
  return <NumberField label="Limit" value={value} min={0} max={10} step={0.5} onChange={change} />
}

test('a number field keeps what is half typed and tells what it is worth', async () => {
  const onValue = vi.fn()
  render(<Number onValue={onValue} />)
  const field = screen.getByRole<HTMLInputElement>('textbox', { name: 'Limit' })
  await user.type(field, '1.')
  expect(field.value).toBe('1.')
  await user.type(field, '5x')
  expect([field.value, onValue.mock.lastCall]).toEqual(['1.5', [1.5]])
  await user.clear(field)
  expect(onValue).toHaveBeenLastCalledWith(undefined)
})

test('arrows step a number within its limits', async () => {
  const onValue = vi.fn()
  render(<Number first={9.8} onValue={onValue} />)
  screen.getByRole('textbox').focus()
  await user.keyboard('{ArrowUp}')
  expect(onValue).toHaveBeenLastCalledWith(10)
  await user.keyboard('{ArrowDown}')
  expect(onValue).toHaveBeenLastCalledWith(9.5)
})

test('an error is joined to its field for those who do not see it', () => {
  render(<TextField label="Name" value="" error="A name is needed" onChange={vi.fn()} />)
  const field = screen.getByRole('textbox', { name: 'Name' })
  expect(field.getAttribute('aria-invalid')).toBe('true')
  expect(document.getElementById(field.getAttribute('aria-describedby') ?? '')?.textContent).toBe(
    'A name is needed',
  )
})

test('a busy button stays focusable and takes no clicks', async () => {
  const onClick = vi.fn()
  render(
    <Button busy onClick={onClick}>
      Save
    </Button>,
  )
  const button = screen.getByRole('button', { name: 'Save' })
  button.focus()
  expect(document.activeElement).toBe(button)
  await user.click(button)
  expect(onClick).not.toHaveBeenCalled()
})

test('Escape empties a search before it means anything else', async () => {
  const [onChange, onKeyDown] = [vi.fn(), vi.fn()]
  const { rerender } = render(
    <SearchField label="Find" value="x" onChange={onChange} onKeyDown={onKeyDown} />,
  )
  screen.getByRole('searchbox').focus()
  await user.keyboard('{Escape}')
  expect(onChange).toHaveBeenCalledWith('')
  expect(onKeyDown).not.toHaveBeenCalled()
  rerender(<SearchField label="Find" value="" onChange={onChange} onKeyDown={onKeyDown} />)
  await user.keyboard('{Escape}')
  expect(onKeyDown).toHaveBeenCalledOnce()
})

test('a select is chosen from by keyboard', async () => {
  const onChange = vi.fn()
  const options = ['a', 'b'].map((value) => ({ value, label: `Choice ${value}` }))
  render(<Select label="Pick" value="a" options={options} onChange={onChange} />)
  screen.getByRole('combobox', { name: 'Pick' }).focus()
  await user.keyboard('{Enter}')
  const chosen = await screen.findByRole('option', { name: 'Choice a' })
  await waitFor(() => expect(document.activeElement).toBe(chosen))
  await user.keyboard('{ArrowDown}{Enter}')
  expect(onChange).toHaveBeenCalledWith('b')
})

function Complete({ onValue }: { onValue: (value: string) => void }): ReactNode {
  const [value, setValue] = useState('')
  const change = (text: string): void => {
    setValue(text)
    onValue(text)
  }
  return <Combobox label="Image" value={value} suggestions={['nginx:1', 'redis:7']} onChange={change} />
}

test('a combobox completes and takes any other text as well', async () => {
  const onValue = vi.fn()
  render(<Complete onValue={onValue} />)
  const field = screen.getByRole('combobox', { name: 'Image' })
  await user.type(field, 'red')
  await user.click(await screen.findByRole('option', { name: 'redis:7' }))
  expect(onValue).toHaveBeenLastCalledWith('redis:7')
  await user.clear(field)
  await user.type(field, 'my/own:tag')
  expect(onValue).toHaveBeenLastCalledWith('my/own:tag')
})

test('a dialog takes the focus and Escape closes it', async () => {
  const onClose = vi.fn()
  render(
    <Dialog open title="Ask" onClose={onClose}>
      <Checkbox label="Sure" checked={false} onChange={vi.fn()} />
    </Dialog>,
  )
  const dialog = await screen.findByRole('dialog', { name: 'Ask' })
  await user.keyboard('{Escape}')
  expect(dialog).toBeTruthy()
  expect(onClose).toHaveBeenCalledOnce()
})

test('a checkbox is named by its label, and the label can be clicked', async () => {
  const onChange = vi.fn()
  render(<Checkbox label="Volumes too" hint="Their data goes" checked={false} onChange={onChange} />)
  expect(screen.getByRole('checkbox', { name: 'Volumes too' })).toBeTruthy()
  await user.click(screen.getByText('Volumes too'))
  expect(onChange).toHaveBeenCalledWith(true)
})

test('a menu opens by keyboard, leaves out what is disabled and closes after a choice', async () => {
  const [onStop, onKill] = [vi.fn(), vi.fn()]
  render(
    <Menu
      trigger={<button>Actions</button>}
      items={[
        { label: 'Stop', onSelect: onStop },
        'separator',
        { label: 'Kill', disabled: true, onSelect: onKill },
      ]}
    />,
  )
  screen.getByRole('button', { name: 'Actions' }).focus()
  await user.keyboard('{Enter}')
  await user.click(await screen.findByRole('menuitem', { name: 'Kill' }))
  expect(onKill).not.toHaveBeenCalled()
  await user.click(screen.getByRole('menuitem', { name: 'Stop' }))
  expect(onStop).toHaveBeenCalledOnce()
})

test('arrow keys change tabs', async () => {
  const onChange = vi.fn()
  render(
    <Tabs
      value="logs"
      onChange={onChange}
      tabs={[
        { id: 'logs', label: 'Logs' },
        { id: 'stats', label: 'Stats' },
      ]}
    />,
  )
  screen.getByRole('tab', { name: 'Logs' }).focus()
  await user.keyboard('{ArrowRight}')
  expect(onChange).toHaveBeenCalledWith('stats')
})

test('escape keeps what was typed into a field with suggestions', async () => {
  const typed = vi.fn()
  render(<Combobox label="Image" value="team/app:1" onChange={typed} suggestions={['nginx']} />)
  screen.getByRole('combobox', { name: 'Image' }).focus()
  await userEvent.keyboard('{Escape}')
  expect(typed).not.toHaveBeenCalled()
})
