import { act, cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { FakeClient } from '../../../../testing/window/fake-client'
import { containerRow, engineRow, localEngine } from '../../../../testing/window/rows'
import type { Container, Volume } from '../../../shared/model'
import { takeClient } from '../../api'
import { setLanguage } from '../../i18n'
import { applyInventory, forgetInventory } from '../../store/inventory'
import { VolumePage } from './VolumePage'

const volume = {
  ...{ engine: localEngine, id: 'data', driver: 'local', mountpoint: '/v/data', scope: 'local' },
  ...{ options: {}, labels: {}, createdAtMs: 0 },
} as unknown as Volume

const show = async (given: Partial<Volume>, users: readonly Container[]): Promise<void> => {
  takeClient(new FakeClient({ 'volumes.inspect': () => ({}) }).client)
  const slice = { engine: localEngine, rev: 1 }
  applyInventory({
    kind: 'snapshot',
    engines: [engineRow()],
    roads: [],
    slices: [
      { ...slice, kind: 'containers', rows: users },
      { ...slice, kind: 'volumes', rows: [{ ...volume, ...given }] },
    ],
  })
  render(<VolumePage engine={localEngine} id="data" files={() => null} />)
  await screen.findByRole('heading', { level: 1, name: 'data' })
}

const subtitle = (): string | null | undefined =>
  document.querySelector('.page-header__subtitle')?.textContent
const sectionText = (name: string): string | null | undefined =>
  screen.getByRole('heading', { name }).closest('section')?.textContent

afterEach(async () => {
  cleanup()
  forgetInventory()
  await setLanguage('en')
})

test('what a volume has none of is said', async () => {
  await show({}, [])
  expect(subtitle()).toBe('Used by: None')
  expect(sectionText('Options')).toBe('OptionsNone')
  expect(sectionText('Labels')).toBe('LabelsNone')
  await act(() => setLanguage('ko'))
  expect(subtitle()).toBe('사용하는 컨테이너: 없음')
})

test('who uses a volume, and its labels, are named', async () => {
  const mounts = [{ type: 'volume', source: 'data', target: '/data', isReadOnly: false }] as const
  await show({ labels: { tier: 'gold' } }, [containerRow('db', { mounts }), containerRow('web', { mounts })])
  expect(subtitle()).toBe('Used by: db, web')
  expect(sectionText('Labels')).toBe('Labelstiergold')
})
