import { act, cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import type { ReactNode } from 'react'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { engineRow, snapshotOf } from '../../../testing/window/rows'
import type { Engine, EngineId } from '../../shared/model'
import { setLanguage } from '../i18n'
import { setEngineFilter } from '../store/engine-filter'
import { applyInventory, forgetInventory } from '../store/inventory'
import { useEngineChoice } from './EngineChoice'

const user = userEvent.setup()
const local = engineRow()
const lab = engineRow({ id: 'lab' as EngineId, name: 'Lab' })
const away = (engine: Engine): Engine => ({ ...engine, state: { kind: 'connecting', sinceMs: 0 } })

beforeEach(() => setLanguage('en'))
afterEach(() => {
  cleanup()
  setEngineFilter(undefined)
  forgetInventory()
})

const engines = (...rows: Engine[]): void => act(() => void applyInventory(snapshotOf([], rows)))

function Dialog({ ofList }: { readonly ofList?: string }): ReactNode {
  const { engine, choice } = useEngineChoice(ofList)
  return (
    <>
      {choice}
      <output>{engine?.id ?? 'nothing'}</output>
    </>
  )
}
const actsOn = (): string | null => screen.getByRole('status').textContent

test('an engine that goes is named and nothing takes its place; back again it is acted on as before', async () => {
  engines(lab, local)
  render(<Dialog />)
  expect(actsOn()).toBe('lab')
  engines(away(lab), local)
  expect(actsOn()).toBe('nothing')
  expect(screen.getByRole('alert').textContent).toMatch(/^Lab is not running now.*choose another engine/)
  engines(local)
  expect(actsOn()).toBe('nothing')
  expect(screen.getByRole('alert').textContent).toMatch(/^Lab is not running now/)
  engines(local, lab)
  expect(actsOn()).toBe('lab')
  expect(screen.queryByRole('alert')).toBeNull()
  engines(away(lab), local)
  await user.click(screen.getByRole('combobox', { name: 'Engine' }))
  await user.click(await screen.findByRole('option', { name: 'Local' }))
  expect(actsOn()).toBe('local')
})

test('an engine that goes before the chosen one, or comes, moves nothing', () => {
  engines(local)
  render(<Dialog />)
  engines(lab, local)
  expect(actsOn()).toBe('local')
})

test('it begins with the engine of the list, else with that of the sidebar', () => {
  engines(local, lab)
  act(() => setEngineFilter(lab.id))
  const { unmount } = render(<Dialog />)
  expect(actsOn()).toBe('lab')
  unmount()
  render(<Dialog ofList="local" />)
  expect(actsOn()).toBe('local')
})

test('without any engine that runs it says so, and takes the first that does', () => {
  engines(away(local))
  render(<Dialog />)
  expect(screen.getByRole('alert').textContent).toBe('No engine is running.')
  engines(local)
  expect(actsOn()).toBe('local')
})
