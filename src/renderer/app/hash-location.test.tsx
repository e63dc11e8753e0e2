import { act as settle, render, screen } from '@testing-library/react'
import { useState } from 'react'
import { expect, onTestFinished, test } from 'vitest'
import { Router } from 'wouter'
import { useAsked } from '../objects/use-asked'
import { navigate, useHashLocation, useHashSearch } from './hash-location'

const dialogs = { new: () => 'the form' }

function Page() {
  const [dialog, setDialog] = useState<string>()
  useAsked(dialogs, setDialog)
  return <button onClick={() => setDialog(undefined)}>{dialog ?? 'nothing'}</button>
}

// The palette, the menus and `slipway open` ask so, wherever the window is.
test('an address opens its dialog as often as it is asked for, on the page that is shown too', async () => {
  onTestFinished(() => void (window.location.hash = ''))
  window.location.hash = '#/volumes'
  render(
    <Router hook={useHashLocation} searchHook={useHashSearch}>
      <Page />
    </Router>,
  )
  for (const time of ['first', 'second']) {
    navigate('/volumes?new')
    const dialog = await screen.findByText('the form')
    expect(window.location.hash, time).toBe('#/volumes')
    settle(() => dialog.click())
    expect(screen.getByText('nothing')).toBeTruthy()
  }
})
