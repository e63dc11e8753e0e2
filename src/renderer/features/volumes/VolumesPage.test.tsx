import { cleanup } from '@testing-library/react'
import { afterEach, test } from 'vitest'
import { localEngine } from '../../../../testing/window/rows'
import { expectUnusedOnlyWhenKnown } from '../../../../testing/window/unknown-users'
import type { Volume } from '../../../shared/model'
import { forgetInventory } from '../../store/inventory'
import { forgetVisits } from '../../store/visit'
import { VolumesPage } from './VolumesPage'

const alone = {
  ...{ engine: localEngine, id: 'alone', driver: 'local', mountpoint: '/v/alone', scope: 'local' },
  ...{ options: {}, labels: {}, createdAtMs: 0 },
} as unknown as Volume

afterEach(() => {
  cleanup()
  forgetVisits()
  forgetInventory()
})

test('a volume of which nobody knows who uses it is not told as unused', () =>
  expectUnusedOnlyWhenKnown(
    <VolumesPage />,
    { engine: localEngine, kind: 'volumes', rev: 1, rows: [alone] },
    'alone',
  ))
