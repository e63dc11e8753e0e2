import { cleanup, render, screen } from '@testing-library/react'
import { expect, onTestFinished, test } from 'vitest'
import { Router } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import { useAsked } from './use-asked'

const dialogs = { prune: 'the clean-up', new: 'the form' }
const Shown = () => <p>{useAsked(dialogs) ?? 'nothing'}</p>

function at(search: string): void {
  cleanup()
  window.location.hash = `#/x`
  render(
    <Router hook={useHashLocation} searchHook={() => search}>
      <Shown />
    </Router>,
  )
}

test('an address opens the dialog that it names, and no other', () => {
  onTestFinished(() => void (window.location.hash = ''))
  at('prune')
  expect(screen.getByText('the clean-up')).toBeTruthy()
  at('new=')
  expect(screen.getByText('the form')).toBeTruthy()
  at('engine=x')
  expect(screen.getByText('nothing')).toBeTruthy()
})
