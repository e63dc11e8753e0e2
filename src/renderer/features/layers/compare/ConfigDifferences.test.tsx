import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { setLanguage } from '../../../i18n'
import { ConfigDifferences } from './ConfigDifferences'

beforeEach(() => setLanguage('en'))
afterEach(cleanup)

test('a secret of two images is hidden on both sides, and shown on both at once', async () => {
  const differences = [
    { key: 'Env.API_TOKEN', before: 'old-token', after: 'new-token' },
    { key: 'Env.PWD', before: '/a', after: '/b' },
  ]
  render(<ConfigDifferences differences={differences} names={{ before: 'a:1', after: 'a:2' }} />)
  expect(screen.queryByText(/-token/)).toBeNull()
  expect(screen.getByText('/b')).toBeTruthy()
  const [reveal] = screen.getAllByRole('button', { name: /API_TOKEN/ })
  if (reveal) await userEvent.click(reveal)
  expect(screen.getAllByText(/-token/)).toHaveLength(2)
})
