import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState, type ReactNode } from 'react'
import { beforeEach, expect, test } from 'vitest'
import { setLanguage } from '../i18n'
import { PairsField, type Pair } from './PairsField'

beforeEach(() => setLanguage('en'))

function Labels(): ReactNode {
  const [pairs, setPairs] = useState<readonly Pair[]>([])
  return <PairsField label="Labels" pairs={pairs} onChange={setPairs} />
}

test('a line that was added is typed into at once', async () => {
  const user = userEvent.setup()
  render(<Labels />)
  await user.click(screen.getByRole('button', { name: 'Add' }))
  await user.keyboard('tier')
  expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe('tier')
})

test('the last line that goes gives the focus back', async () => {
  const user = userEvent.setup()
  render(<Labels />)
  await user.click(screen.getByRole('button', { name: 'Add' }))
  await user.click(screen.getByRole('button', { name: 'Remove line' }))
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Add' }))
})
